import { type PrivateRedis, type RedisOptions, startRedis } from './redis-harness.ts';

const slotCount = 16_384;
const formTimeoutMs = 60_000;

/** Three masters that share the slots, each a process of the test's own. */
export interface PrivateRedisCluster {
  /** `redis+cluster://` with all three. */
  readonly url: string;
  readonly masters: readonly PrivateRedis[];
  readonly stop: () => Promise<void>;
}

async function isFormed(master: PrivateRedis, size: number): Promise<boolean> {
  const info = String(await master.command('CLUSTER', 'INFO'));
  return info.includes('cluster_state:ok') && info.includes(`cluster_known_nodes:${size}`);
}

async function form(masters: readonly PrivateRedis[]): Promise<void> {
  const share = Math.ceil(slotCount / masters.length);
  await Promise.all(
    masters.map(async (master, i) => {
      const last = Math.min(slotCount, (i + 1) * share) - 1;
      await master.command('CLUSTER', 'ADDSLOTSRANGE', String(i * share), String(last));
      await master.command('CLUSTER', 'SET-CONFIG-EPOCH', String(i + 1));
    }),
  );
  for (const other of masters.slice(1)) await masters[0]?.command('CLUSTER', 'MEET', other.host, String(other.port));
  const givenUpMs = Date.now() + formTimeoutMs;
  for (;;) {
    const formed = await Promise.all(masters.map((master) => isFormed(master, masters.length)));
    if (formed.every(Boolean)) return;
    if (Date.now() > givenUpMs) throw new Error('the Redis Cluster did not form');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Starts a Redis Cluster of three masters and waits until it takes commands. Stop it in the test's teardown. */
export async function startRedisCluster(options: RedisOptions = {}): Promise<PrivateRedisCluster> {
  // So long a machine may stall before they take each other for dead and refuse commands.
  const settings = { 'cluster-enabled': 'yes', 'cluster-node-timeout': '10000', ...options.settings };
  const masters: PrivateRedis[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(masters.map((master) => master.stop()));
  };
  try {
    // One after the other, so that what was started is known when a later one fails.
    for (let i = 0; i < 3; i++) masters.push(await startRedis({ ...options, settings }));
    await form(masters);
  } catch (cause) {
    await stop();
    throw cause;
  }
  return { url: `redis+cluster://${masters.map(({ port }) => `127.0.0.1:${port}`).join(',')}`, masters, stop };
}
