import type { V1ConfigMap, V1StatefulSet } from '@kubernetes/client-node';
import type { Logger } from 'pino';
import type { Metrics } from '../report/metrics.ts';
import { failureOf } from './api/api-error.ts';
import { type Collection, type CollectionOptions, FOLLOW_DEFAULTS, startCollection } from './api/collection.ts';
import { createResource } from './api/resource.ts';
import type { Transport } from './api/transport.ts';
import type { Exposure } from './exposure/exposure.ts';
import { createFormerRoutes, type FormerRoutes } from './exposure/former-routes.ts';
import { createObjectStore, type ObjectStore } from './exposure/object-store.ts';
import { shardLabels, shardOfName } from './exposure/shard-objects.ts';
import { createPods, type Pods } from './fleet/pods.ts';
import { ownerReference, type OwnerReference } from './owner.ts';

/** Everything that is followed at the API server. */
export interface Followed {
  /** The one StatefulSet, or nothing. */
  readonly sets: Collection<V1StatefulSet>;
  /** The one ConfigMap, or nothing. */
  readonly configMaps: Collection<V1ConfigMap>;
  readonly pods: Pods;
  readonly services: ObjectStore;
  /** Null: shards have no routes. */
  readonly routes: ObjectStore | null;
  /** Routes of the kinds that shards do not have; not followed. */
  readonly formerRoutes: FormerRoutes;
  /** The StatefulSet as an owner; null while there is none, or one that is being deleted. */
  owner(): OwnerReference | null;
  /** Whether all was listed once. */
  isSynced(): boolean;
  close(): Promise<void>;
}

/** What following needs. */
export interface FollowedOptions {
  readonly namespace: string;
  readonly statefulSet: string;
  readonly shardMap: string;
  readonly exposure: Exposure;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly nowMs: () => number;
  readonly random: () => number;
  /** Something has changed. */
  readonly onChange: () => void;
}

const ROUTES = {
  HTTPRoute: { group: '/apis/gateway.networking.k8s.io/v1', plural: 'httproutes' },
  Ingress: { group: '/apis/networking.k8s.io/v1', plural: 'ingresses' },
} as const;

/** Starts to follow. */
export function followAll(transport: Transport, options: FollowedOptions): Followed {
  const { namespace, exposure, onChange } = options;
  const how = (kind: string): CollectionOptions => collectionOptions(kind, options);
  const named = <T extends V1StatefulSet | V1ConfigMap>(group: string, plural: string, name: string): Collection<T> => {
    const fieldSelector = `metadata.name=${name}`;
    return startCollection(createResource<T>(transport, { group, namespace, plural, fieldSelector }), how(plural));
  };
  const sets = named<V1StatefulSet>('/apis/apps/v1', 'statefulsets', options.statefulSet);
  const configMaps = named<V1ConfigMap>('/api/v1', 'configmaps', options.shardMap);
  const labelSelector = selectorOf(exposure);
  const services = createObjectStore(
    transport,
    { group: '/api/v1', plural: 'services', namespace, labelSelector },
    how('services'),
  );
  const route = exposure.route === null ? null : ROUTES[exposure.route.kind];
  const routes =
    route === null ? null : createObjectStore(transport, { ...route, namespace, labelSelector }, how(route.plural));
  const formerRoutes = createFormerRoutes(transport, {
    kinds: Object.values(ROUTES).flatMap((kind) => (kind === route ? [] : [{ ...kind, namespace, labelSelector }])),
    isShards: (name) => shardOfName(name, exposure.namePrefix) !== null,
    logger: options.logger,
  });
  const pods = createPods(transport, namespace, how('pods'), onChange);
  const followed = [sets, configMaps, services.collection, ...(routes === null ? [] : [routes.collection])];
  for (const collection of followed) collection.onChange(onChange);
  const set = (): V1StatefulSet | null => sets.get(options.statefulSet) ?? null;
  return {
    sets,
    configMaps,
    pods,
    services,
    routes,
    formerRoutes,
    owner() {
      const found = set();
      // One that is being deleted gives its objects free (`--cascade=orphan`) or takes them along; whatever is tied to it
      // again at that moment would be swept away with it.
      if (found?.metadata?.deletionTimestamp !== undefined) return null;
      return found === null ? null : ownerReference(found);
    },
    isSynced: () =>
      followed.every(({ isSynced }) => isSynced) && (set() === null || pods.collection()?.isSynced === true),
    async close() {
      await Promise.all([...followed, pods].map((one) => one.close()));
    },
  };
}

/** By what does not change with the version of the chart. */
function selectorOf(exposure: Exposure): string {
  const labels = shardLabels(exposure);
  return ['name', 'instance', 'component', 'managed-by']
    .map((key) => `app.kubernetes.io/${key}`)
    .filter((key) => labels[key] !== undefined)
    .map((key) => `${key}=${labels[key] ?? ''}`)
    .join(',');
}

function collectionOptions(kind: string, { logger, metrics, nowMs, random }: FollowedOptions): CollectionOptions {
  return {
    ...FOLLOW_DEFAULTS,
    nowMs,
    random,
    onLost(error) {
      metrics.followBroke(kind);
      logger.warn({ kind, error: failureOf(error).text }, 'following broke, trying again');
    },
  };
}
