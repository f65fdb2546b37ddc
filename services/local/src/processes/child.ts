import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type LogLine, readLogLine } from './log-line.ts';
import type { LogFiles } from './log-files.ts';

/** What to start. */
export interface ChildSpec {
  /** Its name in log files and messages: `shard-1`. */
  readonly name: string;
  readonly program: string;
  readonly args: readonly string[];
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** How a child ended. */
export interface ChildEnd {
  readonly code: number | null;
  /** For a person: `ended with code 3`, `was killed (SIGKILL)`, `could not be started (…)`. */
  readonly how: string;
}

/** A running child. */
export interface Child {
  readonly name: string;
  /** Undefined when it could not be started. */
  readonly pid: number | undefined;
  /** Resolves when it is gone, however that came about. */
  readonly ended: Promise<ChildEnd>;
  /** Asks it to end (SIGTERM; on Windows that ends it at once). */
  stop(): void;
  /** Ends it at once. */
  kill(): void;
}

/** What a child's output goes to. */
export interface ChildOutput {
  readonly logs: LogFiles;
  readonly onLine: (line: LogLine) => void;
}

/**
 * Starts a child. It gets no Ctrl-C of the terminal (a process group of its own, where there are such), so that the launcher
 * decides in which order its children end; its stdin ends with the launcher, see `lifeline.ts`.
 */
export function startChild(spec: ChildSpec, output: ChildOutput): Child {
  const child = spawn(spec.program, [...spec.args], {
    cwd: spec.cwd,
    env: { ...spec.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
    windowsHide: true,
  });
  child.stdin.on('error', () => {});
  follow(child.stdout, false, spec.name, output);
  follow(child.stderr, true, spec.name, output);
  const ended = new Promise<ChildEnd>((resolve) => {
    child.once('error', (error) => resolve({ code: null, how: `could not be started (${error.message})` }));
    child.once('exit', (code, signal) => {
      resolve({ code, how: signal === null ? `ended with code ${code ?? 'none'}` : `was killed (${signal})` });
    });
  });
  return {
    name: spec.name,
    pid: child.pid,
    ended,
    stop: () => void child.kill('SIGTERM'),
    kill: () => void child.kill('SIGKILL'),
  };
}

function follow(stream: Readable, isErrorStream: boolean, name: string, { logs, onLine }: ChildOutput): void {
  createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => {
    logs.write(name, line);
    onLine(readLogLine(line, isErrorStream));
  });
}

/** Stops a child and, when it takes longer than this, kills it. Resolves when it is gone. */
export async function stopChild(child: Child, patienceMs: number): Promise<ChildEnd> {
  child.stop();
  const timer = setTimeout(() => child.kill(), patienceMs);
  const end = await child.ended;
  clearTimeout(timer);
  return end;
}
