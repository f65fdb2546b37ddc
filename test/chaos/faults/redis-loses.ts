import type { Deal, FaultKind, Plan, Stage } from './fault.ts';
import { slotsMoved } from './unmoved.ts';

/** Clients that are away while Redis loses what waits for them: which share, and how long before and after. Milliseconds. */
const AWAY = { share: 0.15, beforeMs: 1_500, afterMs: 1_000 };

/** Redis loses what it had accepted. That is not held against the system; not to tell those concerned is. */
export const REDIS_LOSES: readonly FaultKind[] = [
  {
    name: 'redis-flush',
    what: 'FLUSHALL while some clients are away',
    held: 'the same map comes back; its epoch does not fall',
    excuses: ['redis-lost-writes', 'gap-of-delivery'],
    parts: ['redis', 'shards', 'clients'],
    plan: () => ({
      detail: '',
      lastsMs: 3_000,
      healsMs: 4_000,
      wholeWithinMs: 30_000,
      async run(stage) {
        await holdSameMap(stage, () => withSomeAway(stage, 0, () => stage.system.redis.flushAll()));
        // Memberships were in Redis. Whoever knows them puts them back, as a business has to.
        await stage.load.join();
      },
    }),
  },
  {
    name: 'redis-failover',
    what: 'kill -9 of the master; Sentinel promotes a replica that lacks at most the last moment',
    held: 'the same slots; the epoch does not fall',
    excuses: ['redis-lost-writes', 'master-dies', 'gap-of-delivery'],
    parts: ['redis', 'shards', 'clients'],
    topology: 'sentinel',
    plan: (deal) => failover(deal, 0, 100),
  },
  {
    name: 'redis-old-replica',
    what: 'the promoted replica lacks the last writes, and new messages go on top of it',
    held: 'the same slots; the epoch does not fall',
    excuses: ['redis-lost-writes', 'master-dies', 'gap-of-delivery'],
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
    run: (stage) => {
      const isAlone = (is: boolean): void => stage.sample('master.alone', is ? 1 : 0);
      return holdSameMap(stage, () => withSomeAway(stage, lagMs, () => stage.system.redis.failover(lagMs, isAlone)));
    },
  };
}

/** Some clients are away while the harm is done, and for so long after it began: what waits for them in Redis alone is lost. */
async function withSomeAway({ load, wait }: Stage, lossMs: number, harm: () => Promise<void>): Promise<void> {
  load.leaveAndReturn(AWAY.share, AWAY.beforeMs + lossMs + AWAY.afterMs);
  await wait(AWAY.beforeMs);
  await Promise.all([harm(), wait(lossMs + AWAY.afterMs)]);
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
