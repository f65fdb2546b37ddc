import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What `npm start -- --json` says. */
export interface LaunchLine {
  readonly demo: string;
  readonly redis: string | null;
  readonly cluster: string;
  readonly tokenKeysFile: string;
  readonly shards: readonly { readonly id: number; readonly url: string }[];
}

/** A cluster as `npm start` makes it, with a state folder and a Redis of its own. */
export interface Launched extends LaunchLine {
  /** `npm run <verb> -- <argument>`; resolves to what it printed. @throws Error with that when its exit code is not 0 */
  control(verb: 'scale' | 'restart' | 'kill', argument: number): Promise<string>;
  /** As Ctrl-C does; resolves to the exit code when everything is stopped. */
  stop(): Promise<number | null>;
}

/** Starts it on ports from `firstPort` on. */
export async function launch(firstPort: number, args: readonly string[] = []): Promise<Launched> {
  const state = await mkdtemp(join(tmpdir(), 'flotilla-launch-'));
  const env = { ...process.env, FLOTILLA_LOCAL_STATE: state };
  const ports = ['--port', String(firstPort), '--shard-port', String(firstPort + 1)];
  const child = start('services/local/src/main.ts', ['--json', ...ports, ...args], env);
  const said: string[] = [];
  child.stderr?.on('data', (chunk: Buffer) => said.push(chunk.toString()));
  const line = await firstLine(child, said);
  return {
    ...line,
    async control(verb, argument) {
      const control = start('services/local/src/control.ts', [verb, String(argument)], env);
      const output: string[] = [];
      control.stdout?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
      control.stderr?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
      const [code] = (await once(control, 'close')) as [number | null];
      if (code !== 0) throw new Error(`${verb} ${String(argument)} ended with ${String(code)}: ${output.join('')}`);
      return output.join('');
    },
    async stop() {
      const ended = once(child, 'exit') as Promise<[number | null]>;
      child.kill('SIGINT');
      const [code] = await ended;
      await rm(state, { recursive: true, force: true });
      return code;
    },
  };
}

function start(script: string, args: readonly string[], env: NodeJS.ProcessEnv): ChildProcess {
  const options = ['--conditions=flotilla-source', join(root, script), ...args];
  return spawn(process.execPath, options, { env, cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function firstLine(child: ChildProcess, said: readonly string[]): Promise<LaunchLine> {
  if (child.stdout === null) throw new Error('the launcher has no output');
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line) as LaunchLine;
  throw new Error(`the launcher ended before it was ready: ${said.join('')}`);
}
