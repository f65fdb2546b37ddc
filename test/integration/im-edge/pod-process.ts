import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bareEnvironment } from '../../support/bare-environment.ts';
import { CLUSTER, createTokens, type TokenHarness } from './token-harness.ts';
import { eventually } from './eventually.ts';

const main = fileURLToPath(new URL('../../../services/im/src/main.ts', import.meta.url));

/** A pod as its own process, as it runs in a container. */
export interface PodProcess extends TokenHarness {
  readonly pid: number;
  /** Lines of its log so far. */
  readonly log: () => Record<string, unknown>[];
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  readonly signal: (name: NodeJS.Signals) => void;
  /** The port, once it listens. */
  readonly port: () => Promise<number>;
  /** Resolves when it says that it is ready. */
  readonly ready: () => Promise<void>;
  /** Ends it hard, if it still runs, and removes its files. */
  readonly stop: () => Promise<void>;
}

/** Starts one; a port must be given to reach it before it is ready. */
export async function startPod(environment: Record<string, string>, args: readonly string[] = []): Promise<PodProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-pod-'));
  const tokens = createTokens();
  const keysFile = join(folder, 'keys.json');
  await writeFile(keysFile, JSON.stringify(tokens.keys));
  const child = spawn(process.execPath, ['--conditions=flotilla-source', main, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...bareEnvironment(),
      FLOTILLA_CLUSTER: CLUSTER,
      FLOTILLA_SHARD: '0',
      FLOTILLA_HOST: '127.0.0.1',
      FLOTILLA_PORT: '0',
      FLOTILLA_TOKEN_KEYS_FILE: keysFile,
      ...environment,
    },
  });
  return { ...tokens, ...watch(child, folder) };
}

function watch(child: ChildProcess, folder: string): Omit<PodProcess, keyof TokenHarness> {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const log = (): Record<string, unknown>[] =>
    stdout
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const readyLine = () =>
    eventually(() => {
      const line = log().find(({ msg }) => msg === 'shard ready');
      if (line === undefined) throw new Error(`the pod is not ready: ${stdout}${stderr}`);
      return line;
    }, 45_000);
  return {
    pid: child.pid ?? 0,
    log,
    stdout: () => stdout,
    stderr: () => stderr,
    ended,
    signal: (name) => void child.kill(name),
    port: async () => Number((await readyLine())['port']),
    ready: async () => {
      await readyLine();
    },
    async stop() {
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
