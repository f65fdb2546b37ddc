import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Fleet, writeFleetFile } from '@flotilla-im/operator/local';
import type { ShardReport, Store } from '@flotilla-im/store';
import { bareEnvironment } from '../../support/bare-environment.ts';
import { eventually } from '../../support/eventually.ts';

const source = fileURLToPath(new URL('../../../operator/src/main.ts', import.meta.url));
/** The program as its image has it, where this run has made that; it starts in a third of the time. */
const main = process.env['OPERATOR_PROGRAM'] ?? source;

/** The operator as a process of its own, over files and a Redis of the test's. */
export interface OperatorProcess {
  /** Lines of its log so far. */
  readonly log: () => Record<string, unknown>[];
  readonly stderr: () => string;
  /** Its exit code; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  readonly signal: (name: NodeJS.Signals) => void;
  /** A GET of its probes: status and text. */
  readonly get: (path: string) => Promise<{ status: number; text: string }>;
}

/** What a test needs to start operators over one state. */
export interface OperatorHarness {
  readonly start: (environment?: Readonly<Record<string, string>>, args?: readonly string[]) => OperatorProcess;
  /** Tells of shards 0 … count - 1, all present and ready. */
  readonly tell: (count: number, change?: Partial<Fleet>) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** Ends its operators and removes its files when it is closed. */
export async function createOperatorHarness(redisUrl: string): Promise<OperatorHarness> {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-operator-'));
  const children: ChildProcess[] = [];
  const env = {
    ...bareEnvironment(),
    FLOTILLA_REDIS_URL: redisUrl,
    FLOTILLA_LOCAL_FLEET_FILE: join(folder, 'fleet.json'),
    FLOTILLA_LOCAL_MAP_FILE: join(folder, 'map.json'),
    FLOTILLA_HOST: '127.0.0.1',
    FLOTILLA_PORT: '0',
    // On a slow machine the test's own heartbeats may come late.
    FLOTILLA_FAILOVER_AFTER_MS: '5000',
  };
  return {
    start(environment = {}, args = []) {
      const child = spawn(process.execPath, ['--conditions=flotilla-source', main, ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...env, ...environment },
      });
      children.push(child);
      return watch(child);
    },
    tell: (count, change = {}) => writeFleetFile(join(folder, 'fleet.json'), { ...fleetOf(count), ...change }),
    async close() {
      for (const child of children) child.kill('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function fleetOf(count: number): Fleet {
  const shards = Array.from({ length: count }, (_, id) => {
    return { id, url: `ws://127.0.0.1:${9100 + id}/s/${id}`, present: true, ready: true, deleting: false };
  });
  return { desired: count, firstId: 0, shards };
}

function watch(child: ChildProcess): OperatorProcess {
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const log = (): Record<string, unknown>[] =>
    stdout
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const port = () =>
    eventually(() => {
      const line = log().find(({ msg }) => msg === 'operator ready');
      if (line === undefined) throw new Error(`the operator is not ready: ${stdout}${stderr}`);
      return Number(line['port']);
    }, 40_000);
  return {
    log,
    stderr: () => stderr,
    ended: new Promise((resolve) => child.once('close', resolve)),
    signal: (name) => void child.kill(name),
    async get(path) {
      const response = await fetch(`http://127.0.0.1:${await port()}${path}`);
      return { status: response.status, text: await response.text() };
    },
  };
}

const report: ShardReport = {
  state: 'up',
  connections: 0,
  guests: 0,
  delivered: 0,
  epoch: 0,
  pace: 2_000,
  version: '0',
  schema: 1,
};

/** Heartbeats as of a shard; `stop` is its sudden death. A beat that the store does not take is tried again. */
export function beat(store: Store, shard: number): { stop: () => void } {
  const incarnation = randomUUID();
  const register = (): Promise<unknown> => store.leases.register(shard, incarnation, report).catch(() => {});
  void register();
  const timer = setInterval(() => {
    store.leases.heartbeat(shard, incarnation, report).then(
      (outcome) => (outcome === 'gone' ? register() : undefined),
      () => {},
    );
  }, 200);
  return { stop: () => clearInterval(timer) };
}
