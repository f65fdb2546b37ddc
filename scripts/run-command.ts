import { spawn } from 'node:child_process';

/** How a command ended. */
export interface Outcome {
  /** The exit code; 1 when a signal ended it or it could not start. */
  readonly code: number;
  /** Everything it wrote, both streams in the order of arrival; empty when it wrote to the terminal itself. */
  readonly output: string;
}

/** Settings of {@link runCommand}. */
export interface RunOptions {
  /** The folder to run in; by default the current one. */
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Whether its output goes straight to the terminal instead of being gathered; default false. */
  readonly live?: boolean;
  /** Whether a shell finds the program, as Windows needs for what is no .exe; default false. */
  readonly shell?: boolean;
}

/** Runs a program to its end. Never rejects: a program that cannot start is an outcome with code 1. */
export function runCommand(program: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      shell: options.shell === true,
      stdio: options.live === true ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    });
    const chunks: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
    }
    child.on('error', (error) => resolve({ code: 1, output: `${program}: ${error.message}\n` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output: chunks.join('') }));
  });
}

/** Runs a script with the Node that runs this one, and its options; `script` is a path from the project's folder. */
export function runNode(script: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  return runCommand(process.execPath, [...process.execArgv, script, ...args], options);
}
