import { type Load, startLoad } from '../measure/child.ts';
import { startPeer } from '../measure/peer.ts';
import { processUsage } from '../measure/process-usage.ts';
import { startShards } from '../measure/shards.ts';
import type { Figure } from '../measure/table.ts';
import { type BenchCase, type BenchContext, LOAD_CPU, median, SERVER_CPU } from './bench-case.ts';

const MEMBERS = 1_000;
const BURSTS = [1, 4, 16] as const;
const ROUNDS = 5;
/** Deliveries of one round; bursts follow each other, two under way at a time. */
const DELIVERIES = 400_000;
const TEXT = 'a line of ordinary length, as people write them in a channel';

interface Measured {
  readonly perSecond: number;
  readonly cpuUs: number;
}

/** Durable channel messages to 1,000 members on one shard, in bursts. */
export const fanOut: BenchCase = {
  name: 'fan-out',
  async run(context) {
    context.progress('Socket.IO: 1,000 members');
    const peer = await measurePeer(context);
    context.progress('Flotilla: 1,000 members');
    const ours = await measureFlotilla(context);
    return BURSTS.flatMap((burst, i) => figuresOf(burst, ours[i], peer[i]));
  },
};

function figuresOf(burst: number, ours?: Measured, peer?: Measured): Figure[] {
  if (!ours || !peer) return [];
  const isBounded = burst === 16;
  const what = `fan-out to 1,000, bursts of ${String(burst)}`;
  return [
    {
      what,
      unit: 'deliveries/s',
      flotilla: ours.perSecond,
      peer: peer.perSecond,
      bound: isBounded ? { atLeast: 700_000 } : null,
    },
    {
      what,
      unit: 'µs CPU a delivery',
      flotilla: ours.cpuUs,
      peer: peer.cpuUs,
      bound: isBounded ? { atMost: 1.4 } : null,
    },
  ];
}

async function measureFlotilla(context: BenchContext): Promise<Measured[]> {
  const shards = await startShards(context.redisUrl, 'bench-fan-out', 1, SERVER_CPU);
  const load = startLoad(LOAD_CPU);
  try {
    const clientIds = Array.from({ length: MEMBERS }, (_, i) => `member-${String(i)}`);
    await shards.flotilla.channels.join('news', clientIds);
    const urls = await Promise.all(
      clientIds.map(async (clientId) => {
        const { url, token } = await shards.flotilla.connectInfo(clientId);
        return `${url}?token=${token}`;
      }),
    );
    await load.tell({ type: 'connect', dialect: 'flotilla.v1', urls, concurrency: 32, isTimed: false });
    return await measureBursts(context, load, shards.pids, async (burst) => {
      const data = { text: TEXT };
      await Promise.all(
        Array.from({ length: burst }, () => shards.flotilla.channels.publish('news', { from: null, data })),
      );
    });
  } finally {
    await load.stop();
    await shards.stop();
  }
}

async function measurePeer(context: BenchContext): Promise<Measured[]> {
  const peer = await startPeer(context.redisUrl, 1, SERVER_CPU);
  const load = startLoad(LOAD_CPU);
  try {
    const urls = Array.from({ length: MEMBERS }, (_, i) => peer.url(i));
    await load.tell({ type: 'connect', dialect: 'socket.io', urls, concurrency: 32, isTimed: false });
    return await measureBursts(context, load, peer.pids, async (burst) => {
      for (let i = 0; i < burst; i += 1) peer.publish({ text: TEXT });
      await peer.flushed();
    });
  } finally {
    await load.stop();
    await peer.stop();
  }
}

type PublishBurst = (burst: number) => Promise<void>;

async function measureBursts(
  context: BenchContext,
  load: Load,
  pids: readonly number[],
  publish: PublishBurst,
): Promise<Measured[]> {
  const figures: Measured[] = [];
  for (const burst of BURSTS) {
    const count = Math.max(4, Math.round((DELIVERIES * context.scale) / MEMBERS / burst));
    const rounds: Measured[] = [];
    // The first one warms up.
    for (let i = 0; i <= ROUNDS; i += 1) {
      const measured = await round(load, pids, publish, burst, burst === 1 ? Math.ceil(count / 4) : count);
      if (i > 0) rounds.push(measured);
    }
    figures.push({ perSecond: median(rounds.map((r) => r.perSecond)), cpuUs: median(rounds.map((r) => r.cpuUs)) });
  }
  return figures;
}

/** `bursts` bursts, the next one published while the last but one is awaited. */
async function round(
  load: Load,
  pids: readonly number[],
  publish: PublishBurst,
  burst: number,
  bursts: number,
): Promise<Measured> {
  await load.tell({ type: 'reset' });
  const cpuBefore = cpuOf(pids);
  const startedAt = performance.now();
  for (let i = 1; i <= bursts; i += 1) {
    await publish(burst);
    if (i > 1) await load.tell({ type: 'await', count: (i - 1) * burst * MEMBERS, timeoutMs: 30_000 });
  }
  const deliveries = bursts * burst * MEMBERS;
  await load.tell({ type: 'await', count: deliveries, timeoutMs: 30_000 });
  const seconds = (performance.now() - startedAt) / 1_000;
  return { perSecond: deliveries / seconds, cpuUs: (cpuOf(pids) - cpuBefore) / deliveries };
}

function cpuOf(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + processUsage(pid).cpuUs, 0);
}
