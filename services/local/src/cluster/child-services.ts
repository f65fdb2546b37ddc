import type { Child, ChildEnd, ChildSpec } from '../processes/child.ts';
import { startChild } from '../processes/child.ts';
import type { LogFiles } from '../processes/log-files.ts';
import type { LogLine } from '../processes/log-line.ts';
import { nodeService, type NodeService } from '../processes/node-service.ts';
import { supervise, type Supervised } from '../processes/supervise.ts';

/** Starts children with the launcher's habits: output into log files, warnings told, ends reported. */
export interface ChildServices {
  readonly spec: (service: NodeService) => ChildSpec;
  readonly start: (spec: ChildSpec, onLine?: (line: LogLine) => void) => Child;
  /** Started again whenever it ends. */
  readonly supervise: (service: NodeService) => Supervised;
  /** Tells that a child ended by itself. */
  readonly tellEnd: (name: string, end: ChildEnd, retryMs: number | null) => void;
}

/** What that needs. */
export interface ChildServicesDeps {
  readonly root: URL;
  readonly environment: NodeJS.ProcessEnv;
  readonly logs: LogFiles;
  /** A line for the person. */
  readonly say: (line: string) => void;
  /** Hears of every child that ended by itself. */
  readonly onEnd: (name: string, how: string) => void;
  readonly nowMs: () => number;
  /** Where a part's log is, as it is named to a person. */
  readonly logOf: (name: string) => string;
}

/** The same warning of the same child is told once in this time. */
const SAME_WARNING_MS = 10_000;

/** Starts nothing yet. */
export function createChildServices({
  root,
  environment,
  logs,
  say,
  onEnd,
  nowMs,
  logOf,
}: ChildServicesDeps): ChildServices {
  const toldMs = new Map<string, number>();
  const warn = (name: string, text: string): void => {
    const line = `${name}: ${text}`;
    if (nowMs() - (toldMs.get(line) ?? -Infinity) < SAME_WARNING_MS) return;
    toldMs.set(line, nowMs());
    say(line);
  };
  const services: ChildServices = {
    spec: (service) => nodeService(service, root, environment),
    start(spec, onLine) {
      return startChild(spec, {
        logs,
        onLine(line) {
          if (line.warning !== null) warn(spec.name, line.warning);
          onLine?.(line);
        },
      });
    },
    supervise: (service) =>
      supervise({
        start: () => services.start(services.spec(service)),
        onEnd: (end, retryMs) => services.tellEnd(service.name, end, retryMs),
        nowMs,
      }),
    tellEnd(name, { how }, retryMs) {
      onEnd(name, how);
      const next = retryMs === null ? '' : `, and is started again in ${retryMs / 1_000} s`;
      say(`${name} ${how}${next}; ${logOf(name)} says more.`);
    },
  };
  return services;
}
