import {
  type FleetKeeper,
  type MapWatch,
  ownedCount,
  restart,
  scale,
  shardCount,
  type VerbDeps,
  type VerbResult,
} from '@flotilla-im/local/testing';
import type { ShardMap } from '@flotilla-im/protocol';
import type { Store } from '@flotilla-im/store';
import { createProcessControl } from '../processes/process-control.ts';
import type { ProcessControl, ShardControl } from '../system.ts';
import { until } from '../until.ts';
import type { Epochs } from './epochs.ts';
import type { LinkedShards } from './linked-shards.ts';
import type { ShardHttp } from './shard-http.ts';

/** What the control of the shards acts on. */
export interface ShardControlDeps {
  readonly keeper: FleetKeeper;
  readonly shards: LinkedShards;
  readonly http: ShardHttp;
  /** The map as its readers see it. */
  readonly watch: MapWatch;
  readonly epochs: Pick<Epochs, 'on'>;
  /** The map as Redis has it, past every link. */
  readonly store: Pick<Store, 'map'>;
}

/** As a pod may take that has the chart's time to hand its clients over. */
const DRAIN_MS = 75_000;
/** Faults under way may hold the map up. */
const MAP_MS = 120_000;

/** Scaling and restarts as the launcher has them, one after the other. */
export function createShardControl(deps: ShardControlDeps): ShardControl {
  const { keeper, shards, http, watch } = deps;
  const controls = new Map<number, ProcessControl>();
  const inTurn = createTurns();
  const verbs: VerbDeps = {
    keeper,
    map: watch,
    say: () => {},
    isOneProcess: false,
    drainMs: DRAIN_MS,
    mapMs: MAP_MS,
    nowMs: () => performance.now(),
    logOf: (name) => `${name}.log`,
  };
  const isReady = (id: number): Promise<boolean> => http.isReady(shards.ownPort(id));
  return {
    get ids() {
      return keeper.ids;
    },
    shard(id) {
      if (!keeper.ids.includes(id)) throw new RangeError(`There is no shard ${String(id)}.`);
      const control =
        controls.get(id) ?? createProcessControl(`shard-${String(id)}`, () => shards.child(id), shards.clock(id));
      controls.set(id, control);
      return control;
    },
    scale: (count) =>
      inTurn(async () => {
        check(await scale(count, verbs));
        await shown(count, verbs);
        await endLeftOver(count, keeper);
      }),
    want: (count) => inTurn(() => keeper.setDesired(count)),
    rollout: () =>
      inTurn(async () => {
        // From the last one to the first, as a StatefulSet does it.
        for (const id of keeper.ids.toReversed()) check(await restart(id, verbs));
      }),
    onEpoch: (heard) => deps.epochs.on(heard),
    map: async () => summaryOf(await deps.store.map.read().catch(() => null)),
    async whole(timeoutMs) {
      await until(() => isWhole(deps, isReady), timeoutMs, '').catch(async () => {
        throw new Error(await whatLacks(deps, isReady));
      });
    },
    async connections() {
      const { ids } = keeper;
      const counts = await Promise.all(ids.map((id) => http.connections(shards.ownPort(id))));
      return new Map(ids.map((id, i) => [id, counts[i] ?? null]));
    },
    isReady,
  };
}

/** One thing after the other; what fails keeps nobody else from its turn. */
function createTurns(): (act: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (act) => {
    const turn = last.then(act);
    last = turn.catch(() => {});
    return turn;
  };
}

function check({ ok, text }: VerbResult): void {
  if (!ok) throw new Error(text);
}

/** Resolves once the map has this size, also where it was wanted before. */
async function shown(count: number, { map, mapMs }: VerbDeps): Promise<void> {
  const after = await map.until((next) => shardCount(next) === count, mapMs);
  if (after === null) throw new Error(`The map does not show ${String(count)} shards.`);
}

/** Ends shards that a size which was overtaken has left. */
async function endLeftOver(count: number, keeper: FleetKeeper): Promise<void> {
  const left = keeper.ids.filter((id) => id >= count);
  await Promise.all(left.map((id) => keeper.stop(id, DRAIN_MS)));
  for (const id of left) await keeper.remove(id);
}

async function isWhole(
  { keeper, store }: ShardControlDeps,
  isReady: (id: number) => Promise<boolean>,
): Promise<boolean> {
  const { ids, desired } = keeper;
  if (ids.length !== desired) return false;
  const map = await store.map.read().catch(() => null);
  if (map === null || !isHome(map, desired)) return false;
  return (await Promise.all(ids.map(isReady))).every(Boolean);
}

function isHome(map: ShardMap, count: number): boolean {
  const isUp = map.shards.length === count && map.shards.every(({ state }) => state === 'up');
  return isUp && shardCount(map) === count && String(map.owner) === String(map.home);
}

async function whatLacks(
  { keeper, store }: ShardControlDeps,
  isReady: (id: number) => Promise<boolean>,
): Promise<string> {
  const ready = await Promise.all(keeper.ids.map(isReady));
  const unready = keeper.ids.filter((_, i) => ready[i] !== true);
  const map = await store.map.read().catch(() => null);
  const states = map?.shards.map(({ id, state }) => `${String(id)} ${state}`).join(', ') ?? 'none to be read';
  return `The system does not get whole: wanted ${String(keeper.desired)}, not ready ${String(unready)}, map: ${states}.`;
}

function summaryOf(map: ShardMap | null): Awaited<ReturnType<ShardControl['map']>> {
  if (map === null) return null;
  const owned = new Map(map.shards.map(({ id }) => [id, ownedCount(map, id)]));
  return { epoch: map.epoch, owned, shards: shardCount(map) };
}
