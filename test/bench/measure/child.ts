import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadAnswer, LoadCommand } from '../load/commands.ts';

/** Pins a process to one processor where `taskset` exists (Linux); says whether it did. */
export function pin(pid: number, cpu: number): boolean {
  return spawnSync('taskset', ['-a', '-cp', String(cpu), String(pid)], { stdio: 'ignore' }).status === 0;
}

/** Starts a script of ours with an IPC channel; its errors are shown. */
export function startChild(
  path: string,
  env: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
): ChildProcess {
  const script = fileURLToPath(new URL(path, import.meta.url));
  return fork(script, args, {
    env: { ...process.env, ...env },
    execArgv: process.execArgv,
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
}

/** A load process: one command at a time. */
export interface Load {
  readonly pid: number;
  /** @throws Error with what the load process says went wrong */
  tell(command: LoadCommand): Promise<LoadAnswer>;
  stop(): Promise<void>;
}

export function startLoad(cpu: number): Load {
  const child = startChild('../load/main.ts');
  const pid = child.pid;
  if (pid === undefined) throw new Error('the load process did not start');
  pin(pid, cpu);
  return {
    pid,
    async tell(command) {
      child.send(command);
      const [answer] = (await once(child, 'message')) as [LoadAnswer];
      if (answer.error !== undefined) throw new Error(`load: ${answer.error}`);
      return answer;
    },
    stop: () => stopChild(child),
  };
}

/** Ends it with SIGTERM, after 5 s with SIGKILL. */
export async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
  await ended;
  clearTimeout(timer);
}
