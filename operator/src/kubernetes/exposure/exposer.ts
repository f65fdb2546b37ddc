import type { Exposure } from './exposure.ts';
import type { FormerRoutes } from './former-routes.ts';
import type { ObjectStore } from './object-store.ts';
import { refusalOf } from './route-refusal.ts';
import { type DesiredObject, shardOfName, shardRoute, shardService } from './shard-objects.ts';
import type { OwnerReference } from '../owner.ts';

/** What stands around the shards: a Service for each, and a route where one is exposed. */
export interface Exposer {
  /** Whether everything around a shard is there as it is to be. */
  isExposed(shard: number): boolean;
  /**
   * Makes, heals and removes: these shards have their objects, others have none. Tries all before it tells of failures.
   *
   * @throws AggregateError with what the API server said
   */
  settle(wanted: ReadonlySet<number>): Promise<void>;
  /** Routes that are there, but that their Gateway does not take; in words. */
  refusals(): string[];
}

/** What an exposer needs. */
export interface ExposerDeps {
  readonly exposure: () => Exposure;
  /** Null while the StatefulSet is not known: nothing is made then. */
  readonly owner: () => OwnerReference | null;
  readonly services: ObjectStore;
  /** Null: shards have no routes. */
  readonly routes: ObjectStore | null;
  /** Go when those that are wanted now are there. */
  readonly formerRoutes: FormerRoutes;
}

/** Keeps the objects around shards. */
export function createExposer(deps: ExposerDeps): Exposer {
  const stores = [deps.services, ...(deps.routes === null ? [] : [deps.routes])];
  return {
    isExposed(shard) {
      const owner = deps.owner();
      return owner !== null && objectsOf(deps, shard, owner).every(([store, desired]) => store.isThere(desired));
    },
    async settle(wanted) {
      const owner = deps.owner();
      // What has not been listed would look missing, and be written again.
      if (owner === null || !stores.every(({ collection }) => collection.isSynced)) return;
      const ensured = [...wanted].flatMap((shard) =>
        objectsOf(deps, shard, owner).map(([store, desired]) => store.ensure(desired)),
      );
      const removed = stores.flatMap((store) =>
        namesBeyond(store, deps.exposure().namePrefix, wanted).map((name) => store.remove(name)),
      );
      const outcomes = await Promise.allSettled([...ensured, ...removed]);
      const failures = outcomes
        .filter((outcome) => outcome.status === 'rejected')
        .map(({ reason }) => reason as unknown);
      if (failures.length > 0) throw new AggregateError(failures, 'objects of shards could not be written');
      await deps.formerRoutes.remove();
    },
    refusals: () => (deps.routes?.collection.values() ?? []).map(refusalOf).filter((text) => text !== null),
  };
}

function objectsOf(
  { exposure, services, routes }: ExposerDeps,
  shard: number,
  owner: OwnerReference,
): (readonly [ObjectStore, DesiredObject])[] {
  const { route } = exposure();
  const service = [services, shardService(exposure(), shard, owner)] as const;
  if (route === null || routes === null) return [service];
  return [service, [routes, shardRoute(exposure(), route, shard, owner)]];
}

/** Names of shard objects that nobody needs. What is not named as a shard's object is left alone. */
function namesBeyond({ collection }: ObjectStore, prefix: string, wanted: ReadonlySet<number>): string[] {
  return collection
    .values()
    .map(({ metadata }) => metadata?.name ?? '')
    .filter((name) => {
      const shard = shardOfName(name, prefix);
      return shard !== null && !wanted.has(shard);
    });
}
