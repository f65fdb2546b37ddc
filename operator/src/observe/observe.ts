import type { ShardMap } from '@flotilla-im/protocol';
import type { Lease, LeaseStore, MapStore, StoreHealth } from '@flotilla-im/store';
import type { Observation } from '../plan/observation.ts';
import type { AuthorityRecord, MapAuthority } from '../act/map-authority.ts';
import type { Fleet, FleetSource } from './fleet-source.ts';
import type { Heartbeats } from './heartbeats.ts';

/** What the operator uses of the shared store. */
export interface SharedState {
  readonly leases: Pick<LeaseStore, 'list'>;
  readonly map: MapStore;
  health(): StoreHealth;
}

/** Where one pass looks. */
export interface Sources {
  readonly fleet: FleetSource;
  readonly authority: MapAuthority;
  readonly store: SharedState;
  readonly heartbeats: Heartbeats;
  /** Monotonic milliseconds, the clock of {@link StoreHealth}. */
  readonly nowMs: () => number;
}

/** Everything one pass works from, seen once. */
export interface Seen {
  readonly observation: Observation;
  readonly authority: AuthorityRecord | null;
  /** The map that shards and SDKs read; null when there is none, or the store cannot be reached. */
  readonly mirror: ShardMap | null;
  /** The newest epoch that a shard says it serves by; 0 when none says so. */
  readonly heardEpoch: number;
  /** Why the fleet is not known just now; null while it is. */
  readonly fleetFailure: unknown;
  /** Why the shared store cannot be used just now; null while it can. */
  readonly storeFailure: unknown;
}

/**
 * Looks once at everything.
 *
 * @throws what the authority rejects with; {FlotillaError} map_unsupported for a mirror of newer software, which this
 *   operator must not overwrite. A store that does not answer is no error, and neither is a fleet that nobody knows: both are
 *   observed.
 */
export async function observe(sources: Sources): Promise<Seen> {
  const [fleet, authority, shared] = await Promise.all([
    readFleet(sources.fleet),
    sources.authority.read(),
    readShared(sources),
  ]);
  const nowMs = sources.nowMs();
  const observation: Observation = {
    nowMs,
    isStoreHealthy: shared.failure === null,
    isFleetKnown: fleet.failure === null,
    isStoreProven: sources.heartbeats.isStoreProven(nowMs),
    isReadinessStale: sources.heartbeats.isReadinessStale(nowMs),
    desired: fleet.desired,
    firstId: fleet.firstId,
    shards: fleet.shards.map((shard) => ({
      ...shard,
      exposed: shard.exposed ?? true,
      life: shard.life ?? null,
      heartbeat: sources.heartbeats.of(shard.id, nowMs),
    })),
  };
  const heardEpoch = shared.leases.reduce((most, { epoch }) => Math.max(most, epoch), 0);
  return {
    observation,
    authority,
    mirror: shared.mirror,
    heardEpoch,
    storeFailure: shared.failure,
    fleetFailure: fleet.failure,
  };
}

/** Looks at heartbeats only, and remembers them; a store that does not answer is no error. @throws as {@link observe} */
export async function lookAtStore(sources: Pick<Sources, 'store' | 'heartbeats' | 'nowMs'>): Promise<void> {
  await readShared(sources);
}

interface SeenFleet extends Fleet {
  readonly failure: unknown;
}

async function readFleet(source: FleetSource): Promise<SeenFleet> {
  try {
    return { ...(await source.read()), failure: null };
  } catch (failure) {
    return { desired: null, firstId: 0, shards: [], failure };
  }
}

interface Shared {
  readonly leases: readonly Lease[];
  readonly mirror: ShardMap | null;
  readonly failure: unknown;
}

async function readShared({
  store,
  heartbeats,
  nowMs,
}: Pick<Sources, 'store' | 'heartbeats' | 'nowMs'>): Promise<Shared> {
  const askedMs = nowMs();
  try {
    const [leases, mirror] = await Promise.all([store.leases.list(), readMirror(store.map)]);
    const { isHealthy, sinceMs } = store.health();
    if (!isHealthy) return { leases, mirror: null, failure: new Error('the store is not healthy') };
    heartbeats.observe(leases, nowMs(), sinceMs, askedMs);
    return { leases, mirror, failure: null };
  } catch (failure) {
    if (codeOf(failure) === 'map_unsupported') throw failure;
    return { leases: [], mirror: null, failure };
  }
}

/** A mirror that nobody can read is as good as none: it is written again. One that only newer software can read is not. */
async function readMirror(map: MapStore): Promise<ShardMap | null> {
  try {
    return await map.read();
  } catch (failure) {
    if (codeOf(failure) === 'bad_map') return null;
    throw failure;
  }
}

function codeOf(failure: unknown): unknown {
  return (failure as { code?: unknown } | null)?.code;
}
