import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type Child,
  type ChildSpec,
  createLogFiles,
  type LogLine,
  type NodeService,
  nodeService,
  startChild,
} from '@flotilla-im/local/testing';
import { CLOCK_VARIABLE, type ClockFile } from '../clock/clock-file.ts';
import { COLLECTED_VARIABLE, collectedPath } from './collected.ts';
import { dieWithParent } from './die-with-parent.ts';
import type { Released, Releases } from './released.ts';

/** Starts programs of Flotilla as processes that faults can act on. */
export interface Programs {
  /** How to start one whose wall clock is this. */
  spec(service: NodeService, clock: ClockFile): ChildSpec;
  start(spec: ChildSpec, onLine?: (line: LogLine) => void): Child;
  /** Closes the log files. */
  close(): Promise<void>;
}

const root = new URL('../../../../', import.meta.url);
/** Loaded before each program: what faults and figures need of it. */
const HOLDS = [
  new URL('../clock/shifted-clock.ts', import.meta.url),
  new URL('./collect-when-asked.ts', import.meta.url),
];
const IMPORTS = HOLDS.flatMap(({ href }) => ['--import', href]);
/** The same as all tasks of the project use, so that nothing is compiled twice. */
const compileCache = join(fileURLToPath(root), 'node_modules', '.cache', 'node');

/**
 * @param logs - folder for what they print, a file each; it must be there
 * @param releases - programs that are started as their images start them; the others from their sources
 */
export function createPrograms(logs: string, releases: Releases = new Map()): Programs {
  const files = createLogFiles(logs);
  const environment = { NODE_COMPILE_CACHE: compileCache, ...process.env };
  return {
    spec(service, clock) {
      const spec = nodeService(service, root, environment);
      const args = asReleased(spec.args, releases.get(service.entry));
      const [program = spec.program, ...rest] = [...dieWithParent, spec.program, ...IMPORTS, ...args];
      return {
        ...spec,
        program,
        args: rest,
        env: { ...spec.env, [CLOCK_VARIABLE]: clock.path, [COLLECTED_VARIABLE]: collectedPath(clock.path) },
      };
    },
    start: (spec, onLine = () => {}) => startChild(spec, { logs: files, onLine }),
    close: () => files.close(),
  };
}

/** Whatever Node is told besides stays. */
function asReleased(args: readonly string[], released: Released | undefined): readonly string[] {
  return released === undefined ? args : [...released.flags, ...args.slice(0, -1), released.file];
}
