import { fileURLToPath } from 'node:url';
import type { ChildSpec } from './child.ts';

/** The environment variables that every child gets from the launcher's own; nothing else of it is passed on. */
const PASSED_ON = [
  'PATH',
  'HOME',
  'USERPROFILE',
  'SystemRoot',
  'TEMP',
  'TMP',
  'TMPDIR',
  'TZ',
  'LANG',
  'NODE_OPTIONS',
  'NODE_COMPILE_CACHE',
];

/** A part of Flotilla that runs in a process of its own. */
export interface NodeService {
  readonly name: string;
  /** Its entry, from the project's folder: `operator/src/main.ts`. */
  readonly entry: string;
  /** Its configuration. */
  readonly env: Readonly<Record<string, string>>;
}

/** How to start such a part: with the Node that runs the launcher, from its sources. */
export function nodeService(service: NodeService, root: URL, environment: NodeJS.ProcessEnv): ChildSpec {
  const lifeline = new URL('./lifeline.ts', import.meta.url).href;
  const entry = fileURLToPath(new URL(service.entry, root));
  return {
    name: service.name,
    program: process.execPath,
    args: ['--conditions=flotilla-source', '--import', lifeline, entry],
    env: { ...passedOn(environment), ...service.env },
    cwd: fileURLToPath(root),
  };
}

/** What children see of the launcher's environment. A stray REDIS_URL or FLOTILLA_… in a shell must not reach them. */
export function passedOn(environment: NodeJS.ProcessEnv): Record<string, string> {
  const entries = PASSED_ON.map((name) => [name, environment[name]] as const);
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
