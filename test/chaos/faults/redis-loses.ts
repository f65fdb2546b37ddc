import type { Deal, FaultKind, Plan, Stage } from './fault.ts';
import { slotsMoved } from './unmoved.ts';

/** Clients that are behind for so long while Redis loses what waits for them; well within their grace. */
const BEHIND_MS = 1_500;

/** Redis loses what it had accepted. That is not held against the system; not to tell those concerned is. */
export const REDIS_LOSES: readonly FaultKind[] = [
  {
    name: 'redis-flush',
    what: 'FLUSHALL while some clients are behind',
    held: 'the same map comes back; its epoch does not fall',
    excuses: ['redis-lost-writes', 'gap-of-delivery'],
    parts: ['redis', 'shards', 'clients'],
    plan: () => ({
      detail: '',
      lastsMs: 2 * BEHIND_MS,
      healsMs: 4_000,
      wholeWithinMs: 30_000,
      async run(stage) {
        await holdSameMap(stage, () => withSomeBehind(stage, () => stage.system.redis.flushAll()));
        // Memberships were in Redis. Whoever knows them puts them back, as a business has to.
        await stage.load.join();
      },
    }),
  },
  {
    name: 'redis-failover',
    what: 'kill -9 of the master; Sentinel promotes a replica that lacks at most the last moment',
    held: 'the same slots; the epoch does not fall',
    excuses: ['redis-lost-writes', 'gap-of-delivery'],
    parts: ['redis', 'shards', 'clients'],
    topology: 'sentinel',
    plan: (deal) => failover(deal, 0, 100),
  },
  {
    name: 'redis-old-replica',
    what: 'the promoted replica lacks the last writes, and new messages go on top of it',
    held: 'the same slots; the epoch does not fall',
    excuses: ['redis-lost-writes', 'gap-of-delivery'],
    parts: ['redis', 'shards', 'clients'],
    topology: 'sentinel',
    plan: (deal) => failover(deal, 500, 3_000),
  },
];

function failover({ chance }: Deal, leastMs: number, mostMs: number): Plan {
  const lagMs = Math.round(chance.between(leastMs, mostMs));
  return {
    detail: `lacks the last ${lagMs} ms`,
    lastsMs: lagMs + 8_000,
    healsMs: 6_000,
    wholeWithinMs: 45_000,
    run: (stage) => holdSameMap(stage, () => withSomeBehind(stage, () => stage.system.redis.failover(lagMs))),
  };
}

/** One process of clients stands still around the harm, so that something is lost that nobody had yet. */
async function withSomeBehind({ load, wait }: Stage, harm: () => Promise<void>): Promise<void> {
  let isStopped = true;
  const goOn = (): void => {
    if (isStopped) load.contClients();
    isStopped = false;
  };
  load.stopClients();
  try {
    await wait(BEHIND_MS);
    // A promotion takes longer than clients may be away without being told offline.
    await Promise.all([harm(), wait(BEHIND_MS).then(goOn)]);
  } finally {
    goOn();
  }
}

async function holdSameMap(stage: Stage, harm: () => Promise<void>): Promise<void> {
  const { system, figure, over } = stage;
  const before = await system.shards.map();
  await harm();
  over();
  const tookMs = await stage.until('the map in Redis again', 30_000, async () => (await system.shards.map()) !== null);
  figure({ name: 'the map is there again', value: tookMs, most: 30_000, unit: 'ms' });
  const after = await system.shards.map();
  const moved = before === null || after === null ? Infinity : slotsMoved(before.owned, after.owned);
  figure({ name: 'slots that have another owner in the map that came back', value: moved, most: 0, unit: '' });
  const fallen = Math.max(0, (before?.epoch ?? 0) - (after?.epoch ?? 0));
  figure({ name: 'epochs that the map lost', value: fallen, most: 0, unit: '' });
}
