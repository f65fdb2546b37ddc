import { spawn } from 'node:child_process';

/** How a program is run. */
export interface RunOptions {
  /** Written to its standard input. */
  readonly input?: string;
  /** Killed after this. Default 120,000. */
  readonly timeoutMs?: number;
  readonly cwd?: string;
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Arguments of `nice` for what watches or commands a cluster that may share its machine: it must not take its time. */
export const BELOW_THE_CLUSTER = ['-n', '10'] as const;

/** Runs a program to its end; its standard output. @throws Error with what it said when it fails */
export function run(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  return runAs('nice', [...BELOW_THE_CLUSTER, program, ...args], options);
}

function runAs(program: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { input = '', timeoutMs = 120_000, cwd, env } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    const out: string[] = [];
    const said: string[] = [];
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    child.stdout.setEncoding('utf8').on('data', (text: string) => out.push(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => said.push(text));
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (code === 0) resolve(out.join(''));
      else reject(new Error(`${program} ${args.join(' ')}: ${signal ?? code}\n${said.join('')}${out.join('')}`.trim()));
    });
  });
}

/** Runs a command line of the environment: what it starts is part of the cluster. */
export function runCommandLine(line: string): Promise<string> {
  return runAs('sh', ['-c', line]);
}
