import { createFlotilla, type DurabilityOptions, type Flotilla } from '@flotilla-im/sdk';
import { eventually } from '../../support/eventually.ts';
import { startRedis } from '../../integration/redis-harness.ts';
import { pin } from '../measure/child.ts';
import type { Figure } from '../measure/table.ts';
import { type BenchCase, type BenchContext, median, SERVER_CPU } from './bench-case.ts';

const ROUNDS = 5;
const SECONDS = 2;
const WARM_UP_SECONDS = 5;
/** Senders that each wait for their send before the next one. */
const CONCURRENCY = [1, 64] as const;
const RECEIVERS = 1_000;
const TEXT = 'a line of ordinary length, as people write them to each other';
const MODES: readonly { readonly name: string; readonly durability: DurabilityOptions }[] = [
  { name: 'master only', durability: {} },
  { name: 'one replica', durability: { replicas: 1 } },
];

interface Measured {
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/** What it costs to wait for a replica on the same machine: sends a second of one process, and how long each takes. */
export const durability: BenchCase = {
  name: 'durability',
  async run(context) {
    const { hostname, port } = new URL(context.redisUrl);
    const replica = await startRedis({ settings: { replicaof: `${hostname} ${port}` } });
    pin(replica.pid() ?? 0, SERVER_CPU);
    const im = await createFlotilla({ redis: context.redisUrl, cluster: 'bench-durability' });
    try {
      await eventually(() => im.send({ from: null, to: 'client-0', data: 0, durability: { replicas: 1 } }));
      return await measureAll(im, context);
    } finally {
      await im.close();
      await replica.stop();
    }
  },
};

async function measureAll(im: Flotilla, context: BenchContext): Promise<Figure[]> {
  for (const { durability: asked } of MODES) await round(im, asked, 64, WARM_UP_SECONDS * context.scale);
  const figures: Figure[] = [];
  for (const concurrency of CONCURRENCY) {
    context.progress(`durable sends, ${String(concurrency)} at a time`);
    const rounds = new Map<string, Measured[]>(MODES.map(({ name }) => [name, []]));
    // In turns, so that what the machine does besides hits both alike.
    for (let i = 0; i < ROUNDS; i += 1) {
      for (const { name, durability: asked } of MODES)
        rounds.get(name)?.push(await round(im, asked, concurrency, SECONDS * context.scale));
    }
    for (const [name, measured] of rounds)
      figures.push(...figuresOf(`durable sends, ${concurrency} at a time, ${name}`, measured));
  }
  return figures;
}

function figuresOf(what: string, measured: readonly Measured[]): Figure[] {
  const figure = (unit: string, value: (one: Measured) => number): Figure => ({
    what,
    unit,
    flotilla: median(measured.map(value)),
    peer: null,
    bound: null,
  });
  return [
    figure('a second', ({ perSecond }) => perSecond),
    figure('ms, p50', ({ p50 }) => p50),
    figure('ms, p99', ({ p99 }) => p99),
  ];
}

async function round(im: Flotilla, asked: DurabilityOptions, concurrency: number, seconds: number): Promise<Measured> {
  const latencies: number[] = [];
  const startedAt = performance.now();
  const untilMs = startedAt + seconds * 1_000;
  const sendAll = async (): Promise<void> => {
    for (let at = performance.now(); at < untilMs; at = performance.now()) {
      const to = `client-${String(latencies.length % RECEIVERS)}`;
      await im.send({ from: null, to, data: { text: TEXT }, durability: asked });
      latencies.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, sendAll));
  const perSecond = latencies.length / ((performance.now() - startedAt) / 1_000);
  const sorted = Float64Array.from(latencies).sort();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { perSecond, p50: at(0.5), p99: at(0.99) };
}
