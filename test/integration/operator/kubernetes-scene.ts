import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FakeApiServer, type FakeObject, startFakeApiServer } from '@flotilla-im/operator/testing';
import { parseShardMap, type ShardMap } from '@flotilla-im/protocol';
import { createRedisStore, type Store } from '@flotilla-im/store';
import { eventually } from '../../support/eventually.ts';
import { type PrivateRedis, startRedis } from '../redis-harness.ts';
import { beat, createOperatorHarness, type OperatorProcess } from './operator-process.ts';

const NAMESPACE = 'chat';
/** Collections by their short names. */
export const PATHS = {
  sets: `/apis/apps/v1/namespaces/${NAMESPACE}/statefulsets`,
  pods: `/api/v1/namespaces/${NAMESPACE}/pods`,
  services: `/api/v1/namespaces/${NAMESPACE}/services`,
  routes: `/apis/gateway.networking.k8s.io/v1/namespaces/${NAMESPACE}/httproutes`,
  ingresses: `/apis/networking.k8s.io/v1/namespaces/${NAMESPACE}/ingresses`,
  maps: `/api/v1/namespaces/${NAMESPACE}/configmaps`,
  leases: `/apis/coordination.k8s.io/v1/namespaces/${NAMESPACE}/leases`,
  events: `/apis/events.k8s.io/v1/namespaces/${NAMESPACE}/events`,
} as const;

/** A namespace of a fake API server with a StatefulSet `im`, its shards as heartbeats in a real Redis, and operators. */
export interface KubernetesScene {
  readonly api: FakeApiServer;
  readonly redis: PrivateRedis;
  readonly store: Store;
  readonly start: (identity?: string, environment?: Readonly<Record<string, string>>) => OperatorProcess;
  /** The controller's part: so many replicas, a pod and a beating shard for each. */
  readonly scale: (count: number) => void;
  /** Changes what a pod says; null removes it. */
  readonly pod: (id: number, change: Readonly<Record<string, unknown>> | null) => void;
  /** A shard dies without a word. */
  readonly silence: (id: number) => void;
  readonly configMap: () => FakeObject | undefined;
  /** The map of the ConfigMap. @throws while there is none */
  readonly map: () => ShardMap;
  readonly names: (path: string) => string[];
  /** Waits until the ConfigMap has so many shards that are up; gives its epoch. */
  readonly untilUp: (count: number) => Promise<number>;
  /** From now on the API server takes this token only; the operator's kubeconfig has it. */
  readonly rotate: (token: string) => Promise<void>;
  readonly exposure: (change: Readonly<Record<string, unknown>>) => Promise<void>;
  readonly close: () => Promise<void>;
}

const EXPOSURE = {
  namePrefix: 'im-s',
  podNamePrefix: 'im-',
  labels: { 'app.kubernetes.io/name': 'flotilla', 'app.kubernetes.io/instance': 'test' },
  service: { type: 'ClusterIP', port: 8080, targetPort: 'http' },
  route: { kind: 'HTTPRoute', parentRefs: [{ name: 'edge' }], hostnames: ['chat.example.com'], path: '/s/{shard}' },
  publicUrl: 'wss://chat.example.com/s/{shard}',
};

/** As `eventually`, with the patience that a process takes which starts on a busy machine. */
export function patiently<T>(check: () => T | Promise<T>): Promise<T> {
  return eventually(check, 45_000);
}

/** Everything is there but shards and operators. */
export async function createKubernetesScene(): Promise<KubernetesScene> {
  const [api, redis] = [await startFakeApiServer(), await startRedis({ appendonly: true })];
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-kubernetes-'));
  const [kubeconfig, exposureFile] = [join(folder, 'kubeconfig'), join(folder, 'exposure.json')];
  await writeFile(kubeconfig, kubeconfigFor(api.url, 'first'));
  const exposure = (change: Readonly<Record<string, unknown>>): Promise<void> =>
    writeFile(exposureFile, JSON.stringify({ ...EXPOSURE, ...change }));
  await exposure({});
  const harness = await createOperatorHarness(redis.url);
  const store = await createRedisStore({ url: redis.url, cluster: 'flotilla' });
  const beats = new Map<number, { stop: () => void }>();
  const silence = (id: number): void => {
    beats.get(id)?.stop();
    beats.delete(id);
  };
  const pod = (id: number, change: Readonly<Record<string, unknown>> | null): void => {
    if (change === null) api.table.remove(PATHS.pods, `im-${id}`);
    else
      api.table.put(PATHS.pods, {
        ...podOf(id),
        ...change,
        metadata: { ...podOf(id).metadata, ...(change['metadata'] as object) },
      });
  };
  const scale = (count: number): void => {
    const set = api.table.get(PATHS.sets, 'im');
    api.table.put(PATHS.sets, { ...(set ?? setOf()), spec: { ...((set ?? setOf()).spec as object), replicas: count } });
    const ids = api.table.list(PATHS.pods).map(({ metadata }) => Number(metadata.name.slice(3)));
    for (const id of ids) {
      if (id < count) continue;
      pod(id, null);
      silence(id);
    }
    for (let id = 0; id < count; id++) {
      if (!ids.includes(id)) pod(id, {});
      if (!beats.has(id)) beats.set(id, beat(store, id));
    }
  };
  const configMap = (): FakeObject | undefined => api.table.get(PATHS.maps, 'im-shardmap');
  const map = (): ShardMap =>
    parseShardMap((configMap()?.['data'] as Record<string, string> | undefined)?.['map.json']);
  return {
    ...{ api, redis, store, scale, pod, silence, configMap, map, exposure },
    start: (identity = 'operator-0', environment = {}) =>
      harness.start({
        FLOTILLA_MODE: 'kubernetes',
        FLOTILLA_NAMESPACE: NAMESPACE,
        FLOTILLA_STATEFULSET: 'im',
        FLOTILLA_SHARD_MAP: 'im-shardmap',
        FLOTILLA_LEASE: 'im-operator',
        FLOTILLA_IDENTITY: identity,
        FLOTILLA_EXPOSURE_FILE: exposureFile,
        FLOTILLA_LEASE_DURATION_MS: '6000',
        KUBECONFIG: kubeconfig,
        ...environment,
      }),
    async rotate(token) {
      api.fault = (request) => (request.token === token ? null : { status: 401 });
      api.hangUp('end');
      await writeFile(kubeconfig, kubeconfigFor(api.url, token));
    },
    names: (path) =>
      api.table
        .list(path)
        .map(({ metadata }) => metadata.name)
        .sort(),
    untilUp: (count) =>
      patiently(() => {
        const up = map().shards.filter(({ state }) => state === 'up');
        if (up.length !== count) throw new Error(`${up.length} shards are up: ${JSON.stringify(map().shards)}`);
        return map().epoch;
      }),
    async close() {
      await harness.close();
      for (const id of beats.keys()) silence(id);
      await store.close();
      await redis.stop();
      await api.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function setOf() {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'im', namespace: NAMESPACE },
    spec: { replicas: 1, selector: { matchLabels: { app: 'im' } } },
  };
}

function podOf(id: number) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `im-${id}`, namespace: NAMESPACE, labels: { app: 'im' } },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: [{ name: 'im', restartCount: 0, state: { running: {} } }],
    },
  };
}

function kubeconfigFor(server: string, token: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'test', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'test', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace: NAMESPACE } }],
  });
}
