import { createHash } from 'node:crypto';
import type { KubernetesObject } from '../api/resource.ts';
import { MANAGER, type OwnerReference } from '../owner.ts';
import { type Exposure, type RouteExposure, withShard } from './exposure.ts';

/** Annotation with a hash of what an object was made from: the same hash, and there is nothing to write. */
export const CONTENT_HASH = 'flotilla.im/content-hash';

/** An object as it is to be. */
export interface DesiredObject extends KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations: Readonly<Record<string, string>>;
    readonly ownerReferences: OwnerReference[];
  };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** Labels by which the operator finds what it made, whatever else the exposure adds. */
export function shardLabels(exposure: Exposure): Record<string, string> {
  return {
    'app.kubernetes.io/name': 'flotilla',
    ...exposure.labels,
    'app.kubernetes.io/component': 'shard',
    'app.kubernetes.io/managed-by': MANAGER,
  };
}

/** Whose object this is by its name; null: nobody's, and it is left alone. */
export function shardOfName(name: string, prefix: string): number | null {
  const ordinal = name.slice(prefix.length);
  return name.startsWith(prefix) && /^\d{1,5}$/u.test(ordinal) ? Number(ordinal) : null;
}

/**
 * The Service of one shard: selects its one pod, also while that is not ready, so that a pod that drains or waits for Redis
 * can still answer.
 */
export function shardService(exposure: Exposure, shard: number, owner: OwnerReference): DesiredObject {
  const { service } = exposure;
  return hashed({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: metadataOf(exposure, service, shard, owner),
    spec: {
      type: service.type,
      publishNotReadyAddresses: true,
      ...service.spec,
      selector: { 'statefulset.kubernetes.io/pod-name': `${exposure.podNamePrefix}${shard}` },
      ports: [
        { name: 'http', port: service.port, targetPort: service.targetPort, protocol: 'TCP', appProtocol: 'http' },
      ],
    },
  });
}

/** The route of one shard. One object a shard: an HTTPRoute takes few rules, and the paths of an Ingress are one value. */
export function shardRoute(
  exposure: Exposure,
  route: RouteExposure,
  shard: number,
  owner: OwnerReference,
): DesiredObject {
  const metadata = metadataOf(exposure, route, shard, owner);
  const backend = `${exposure.namePrefix}${shard}`;
  // Not all below the shard's path: probes and metrics are not for the public.
  const base = withShard(route.path, shard).replace(/\/$/u, '');
  const paths = [`${base}/ws`, `${base}/socket.io`];
  if (route.kind === 'HTTPRoute') {
    const hostnames = route.hostnames.map((host) => withShard(host, shard));
    return hashed({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata,
      spec: {
        parentRefs: route.parentRefs,
        ...(hostnames.length === 0 ? {} : { hostnames }),
        rules: [
          {
            matches: paths.map((value) => ({ path: { type: 'PathPrefix', value } })),
            backendRefs: [{ name: backend, port: exposure.service.port }],
          },
        ],
      },
    });
  }
  const service = { name: backend, port: { number: exposure.service.port } };
  return hashed({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata,
    spec: {
      ...(route.className === undefined ? {} : { ingressClassName: route.className }),
      ...(route.tls.length === 0 ? {} : { tls: route.tls.map((entry) => withShardInside(entry, shard)) }),
      rules: [
        {
          ...(route.host === undefined ? {} : { host: withShard(route.host, shard) }),
          http: { paths: paths.map((path) => ({ path, pathType: 'Prefix', backend: { service } })) },
        },
      ],
    },
  });
}

function metadataOf(
  exposure: Exposure,
  kind: { readonly annotations: Readonly<Record<string, string>>; readonly labels: Readonly<Record<string, string>> },
  shard: number,
  owner: OwnerReference,
): DesiredObject['metadata'] {
  const annotations = Object.entries(kind.annotations).map(([name, value]) => [name, withShard(value, shard)]);
  return {
    name: `${exposure.namePrefix}${shard}`,
    labels: { ...kind.labels, ...shardLabels(exposure), 'flotilla.im/shard': String(shard) },
    annotations: Object.fromEntries(annotations) as Record<string, string>,
    ownerReferences: [owner],
  };
}

function hashed(object: DesiredObject): DesiredObject {
  const hash = createHash('sha256').update(JSON.stringify(object)).digest('hex').slice(0, 16);
  const annotations = { ...object.metadata.annotations, [CONTENT_HASH]: hash };
  return { ...object, metadata: { ...object.metadata, annotations } };
}

function withShardInside(value: unknown, shard: number): unknown {
  return JSON.parse(withShard(JSON.stringify(value), shard));
}
