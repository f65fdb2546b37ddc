import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bareEnvironment } from '../../support/bare-environment.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort } from '../redis-harness.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** What `npm start -- --json` prints. */
export interface Facts {
  readonly demo: string;
  readonly shards: readonly { readonly id: number; readonly url: string }[];
  readonly redis: string | null;
  readonly cluster: string;
  readonly prefix: string | null;
  readonly tokenKeysFile: string;
  readonly control: string;
  readonly logs: string;
  readonly mode: 'processes' | 'one-process';
}

/** How a program ended, and what it wrote. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A launcher that was started. */
export interface LauncherProcess {
  /** Resolves with its line of JSON; rejects when it ends before. */
  readonly facts: () => Promise<Facts>;
  readonly stderr: () => string;
  readonly signal: (name: NodeJS.Signals) => void;
  readonly ended: Promise<Ended>;
}

/** A folder for launchers, and what runs in it. */
export interface LauncherHarness {
  readonly state: string;
  readonly start: (...args: string[]) => Promise<LauncherProcess>;
  /** `npm run scale|restart|kill -- …`, to its end. */
  readonly control: (...args: string[]) => Promise<Ended>;
  /** A file of the state folder as JSON. */
  readonly file: (name: string) => Promise<unknown>;
  /** Stops what still runs, and removes the folder. */
  readonly close: () => Promise<void>;
}

/** Launchers find Redis where `npm test` did, on ports that nobody else has. */
export async function createLauncherHarness(): Promise<LauncherHarness> {
  const state = await mkdtemp(join(tmpdir(), 'flotilla-local-'));
  const running: LauncherProcess[] = [];
  const redis = process.env['REDIS_SERVER'];
  const path = [redis === undefined ? '' : dirname(redis), process.env['PATH'] ?? ''].filter((part) => part !== '');
  const env = { ...bareEnvironment(), HOME: state, PATH: path.join(delimiter), FLOTILLA_LOCAL_STATE: state };
  const run = (script: string, args: readonly string[]): ChildProcess =>
    spawn(process.execPath, ['--conditions=flotilla-source', join(root, script), ...args], { cwd: root, env });
  return {
    state,
    async start(...args) {
      const named = ['--port', '--shard-port'].filter((option) => !args.includes(option));
      const ports = await Promise.all(named.map(async (option) => [option, String(await freePort())]));
      const launcher = follow(run('services/local/src/main.ts', ['--json', ...ports.flat(), ...args]));
      running.push(launcher);
      return launcher;
    },
    control: (...args) => follow(run('services/local/src/control.ts', args)).ended,
    file: async (name) => JSON.parse(await readFile(join(state, name), 'utf8')) as unknown,
    async close() {
      for (const { signal } of running) signal('SIGINT');
      await Promise.all(running.map(({ ended }) => ended));
      await rm(state, { recursive: true, force: true });
    },
  };
}

function follow(child: ChildProcess): LauncherProcess {
  let [stdout, stderr] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  let isOver = false;
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => {
      isOver = true;
      resolve({ code, stdout, stderr });
    });
  });
  return {
    facts: () =>
      eventually(() => {
        const end = stdout.indexOf('\n');
        if (end < 0) throw new Error(`no line of JSON yet${isOver ? ', and it has ended' : ''}: ${stderr}`);
        return JSON.parse(stdout.slice(0, end)) as Facts;
      }, 60_000),
    stderr: () => stderr,
    signal: (name) => void child.kill(name),
    ended,
  };
}
