import type { V1StatefulSet } from '@kubernetes/client-node';
import type { Fleet, FleetShard, FleetSource } from '../../observe/fleet-source.ts';
import type { Collection } from '../api/collection.ts';
import { type Exposure, withShard } from '../exposure/exposure.ts';
import { initialReplicas } from './initial-replicas.ts';
import { ordinalOf, type PodShard, shardOfPod, wantedOf } from './pod-shard.ts';
import type { Pods } from './pods.ts';

/** What the fleet is read from. */
export interface StatefulFleetDeps {
  /** Name of the StatefulSet. */
  readonly name: string;
  readonly sets: Collection<V1StatefulSet>;
  readonly pods: Pods;
  readonly exposure: () => Exposure;
  /** Whether clients can be sent to a shard: its Service and its route are there. */
  readonly isExposed: (shard: number) => boolean;
  /** How many shards the map has. */
  readonly mappedShards: () => number;
  /** When the API server last answered anything, monotonic milliseconds. */
  readonly answeredMs: () => number;
  readonly nowMs: () => number;
  /** What is older than this is not known any more, milliseconds. */
  readonly staleAfterMs: number;
}

/** A fleet of Kubernetes, and what else is asked of it. */
export interface StatefulFleet extends FleetSource {
  /** The set as it is; null when there is none at this moment. */
  set(): V1StatefulSet | null;
  /** Tells watchers that something else changed what `read` says. */
  readonly changed: () => void;
}

/** Container of a pod that is the shard. */
const CONTAINER = 'im';

/**
 * The StatefulSet and its pods as a fleet. While the set is gone but its pods may not be (`kubectl delete --cascade=orphan`)
 * nobody says how many are wanted, and the map keeps as many as it has.
 */
export function createStatefulFleet(deps: StatefulFleetDeps): StatefulFleet {
  const { sets, pods, name, nowMs, staleAfterMs } = deps;
  const watchers = new Set<() => void>();
  let last: V1StatefulSet | null = null;
  const current = (): V1StatefulSet | null => sets.get(name) ?? null;
  const changed = (): void => watchers.forEach((watcher) => watcher());
  const refuse = (): string | null => {
    if (!sets.isSynced) return 'the StatefulSet has not been read yet';
    if (last === null) return `there is no StatefulSet ${name}`;
    const isHeard = nowMs() - deps.answeredMs() < staleAfterMs;
    const isCurrent = sets.isCurrent(staleAfterMs) && pods.collection()?.isCurrent(staleAfterMs) === true;
    return isHeard && isCurrent ? null : 'what is known of the pods may be outdated';
  };
  sets.onChange(() => {
    last = current() ?? last;
    pods.select(current());
    changed();
  });
  return {
    set: current,
    changed,
    read() {
      const why = refuse();
      if (why !== null || last === null) return Promise.reject(new Error(why ?? ''));
      return Promise.resolve(fleetOf(deps, last, current()));
    },
    watch(onChange) {
      watchers.add(onChange);
      return () => watchers.delete(onChange);
    },
  };
}

function fleetOf(deps: StatefulFleetDeps, last: V1StatefulSet, current: V1StatefulSet | null): Fleet {
  const { desired, firstId } = wantedOf(last);
  const first = current === null ? null : initialReplicas(current, deps.mappedShards);
  return {
    desired: current === null ? null : (first ?? desired),
    firstId,
    shards: podShards(deps, last).map((shard) => fleetShard(deps, shard)),
  };
}

function podShards({ pods }: StatefulFleetDeps, set: V1StatefulSet): PodShard[] {
  return (pods.collection()?.values() ?? [])
    .map((pod) => ({ pod, id: ordinalOf(pod, set) }))
    .filter((known): known is { pod: typeof known.pod; id: number } => known.id !== null)
    .map(({ pod, id }) => shardOfPod(pod, id, CONTAINER))
    .sort((a, b) => a.id - b.id);
}

function fleetShard({ exposure, isExposed }: StatefulFleetDeps, shard: PodShard): FleetShard {
  return { ...shard, url: withShard(exposure().publicUrl, shard.id), exposed: isExposed(shard.id) };
}
