import type { ShardMap } from '@flotilla-im/protocol';
import type { LeaseStore, MapStore, StoreHealth } from '@flotilla-im/store';
import type { Observation } from '../plan/observation.ts';
import type { AuthorityRecord, MapAuthority } from '../act/map-authority.ts';
import type { FleetSource } from './fleet-source.ts';
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
  /** Why the shared store cannot be used just now; null while it can. */
  readonly storeFailure: unknown;
}

/**
 * Looks once at everything.
 *
 * @throws what the fleet or the authority rejects with; {FlotillaError} map_unsupported for a mirror of newer software, which
 *   this operator must not overwrite. A store that does not answer is no error: it is observed.
 */
export async function observe(sources: Sources): Promise<Seen> {
  const [fleet, authority, shared] = await Promise.all([
    sources.fleet.read(),
    sources.authority.read(),
    readShared(sources),
  ]);
  const nowMs = sources.nowMs();
  const observation: Observation = {
    nowMs,
    isStoreHealthy: shared.failure === null,
    desired: fleet.desired,
    firstId: fleet.firstId,
    shards: fleet.shards.map((shard) => ({ ...shard, heartbeat: sources.heartbeats.of(shard.id, nowMs) })),
  };
  return { observation, authority, mirror: shared.mirror, storeFailure: shared.failure };
}

interface Shared {
  readonly mirror: ShardMap | null;
  readonly failure: unknown;
}

async function readShared({ store, heartbeats, nowMs }: Sources): Promise<Shared> {
  try {
    const [leases, mirror] = await Promise.all([store.leases.list(), readMirror(store.map)]);
    const { isHealthy, sinceMs } = store.health();
    if (!isHealthy) return { mirror: null, failure: new Error('the store is not healthy') };
    heartbeats.observe(leases, nowMs(), sinceMs);
    return { mirror, failure: null };
  } catch (failure) {
    if (codeOf(failure) === 'map_unsupported') throw failure;
    return { mirror: null, failure };
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
