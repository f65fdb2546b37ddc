import { describe, expect, test } from '@jest/globals';
import { createLeaseObserver } from '@flotilla-im/store';
import fc from 'fast-check';
import { createMemoryAuthority } from '../local/memory-authority.ts';
import { createMemoryFleet } from '../local/memory-fleet.ts';
import { Heartbeats } from '../observe/heartbeats.ts';
import { PLAN_DEFAULTS } from '../plan/options.ts';
import { createFakeState, leaseOf } from '../testing/fake-state.ts';
import { servingShard } from '../testing/scene.ts';
import { createReconciler } from './reconcile.ts';

const PASS_MS = 500;
const BEAT_MS = 500;
/** When Redis comes to be away: long after all are at home. */
const AWAY_MS = 10_000;

/** How long one looks at what comes of it. */
const WATCHED_MS = 32_000;

/** When one shard is heard again and is seen ready again, after Redis is back; milliseconds. */
interface Return {
  readonly heardMs: number;
  readonly readyMs: number;
}

/** What happens to Redis. */
interface Trouble {
  readonly awayForMs: number;
  readonly returns: readonly Return[];
  /** Whether it comes back without anything that it held. */
  readonly isEmptied: boolean;
  /** Whether the operator is started anew meanwhile. */
  readonly isRestarted: boolean;
}

/** Times at which a shard is back that goes about it as slowly as its own deadlines and pauses allow. */
const anyReturn = fc.record({
  heardMs: fc.integer({ min: 0, max: 5_000 }),
  readyMs: fc.integer({ min: 0, max: 25_000 }),
});
const anyTrouble = fc.record({
  awayForMs: fc.integer({ min: 300, max: 20_000 }),
  returns: fc.array(anyReturn, { minLength: 1, maxLength: 6 }),
  isEmptied: fc.boolean(),
  isRestarted: fc.boolean(),
});

/** The epochs that were minted since Redis was away, until all has been calm for a while. */
async function mintedAfter({ awayForMs, returns, isEmptied, isRestarted }: Trouble): Promise<number> {
  const authority = createMemoryAuthority();
  const store = createFakeState();
  const fleet = createMemoryFleet({ desired: returns.length, firstId: 0, shards: [] });
  const backMs = AWAY_MS + awayForMs;
  let nowMs = 0;
  const start = () =>
    createReconciler({
      ...{ fleet, authority, store, nowMs: () => nowMs, options: PLAN_DEFAULTS, takeOverPauseMs: 5_000 },
      heartbeats: new Heartbeats(createLeaseObserver(), 2_000),
    });
  let reconciler = start();
  let before = 0;
  for (; nowMs < backMs + WATCHED_MS; nowMs += PASS_MS) {
    const isAway = nowMs >= AWAY_MS && nowMs < backMs;
    const isBack = nowMs >= backMs;
    if (isAway && store.isReachable) before = (await authority.read())?.map?.epoch ?? 0;
    if (isBack && !store.isReachable) {
      store.healthySinceMs = nowMs;
      if (isRestarted) reconciler = start();
    }
    store.isReachable = !isAway;
    store.leaseList = returns.flatMap(({ heardMs }, shard) => {
      const isHeard = !isBack || nowMs >= backMs + heardMs;
      const atMs = isHeard ? nowMs : AWAY_MS;
      if (isEmptied && isBack) {
        return isHeard ? [leaseOf(shard, Math.floor(atMs / BEAT_MS), { incarnation: `anew ${shard}` })] : [];
      }
      return [leaseOf(shard, Math.floor(atMs / BEAT_MS))];
    });
    const shards = returns.map(({ heardMs, readyMs }, shard) => {
      const ready = nowMs < AWAY_MS + 3_000 || nowMs >= backMs + heardMs + readyMs;
      return servingShard(shard, { ready });
    });
    fleet.set({ desired: returns.length, firstId: 0, shards });
    await reconciler.pass();
  }
  return ((await authority.read())?.map?.epoch ?? 0) - before;
}

describe('all of Redis away', () => {
  test('lends nothing, however long it is away and in whatever order shards are heard and ready again', async () => {
    await fc.assert(
      fc.asyncProperty(anyTrouble, async (trouble) => expect(await mintedAfter(trouble)).toBe(0)),
      { numRuns: 25 },
    );
  });

  test('lends the slots of a shard that does not come back', async () => {
    const back = { heardMs: 300, readyMs: 2_000 };
    const returns = [back, back, { heardMs: 60_000, readyMs: 60_000 }];
    expect(await mintedAfter({ awayForMs: 20_000, returns, isEmptied: false, isRestarted: false })).toBe(1);
  });
});
