import type { Logger } from 'pino';
import type { OperatorEnvironment } from '../config/environment.ts';
import type { Metrics } from '../report/metrics.ts';
import type { OperatorDeps } from '../start-operator.ts';
import { loadConfig } from './api/load-config.ts';
import { createTransport } from './api/transport.ts';
import { type ConfigMapStore, createConfigMapStore } from './authority/config-map.ts';
import { createConfigMapAuthority, MAP_KEY, readMap } from './authority/config-map-authority.ts';
import { startCare } from './care.ts';
import { electionTimes } from './election/elector.ts';
import { createKubernetesLease } from './election/kubernetes-lease.ts';
import { startLeadership } from './election/leadership.ts';
import { createExposer } from './exposure/exposer.ts';
import type { Exposure } from './exposure/exposure.ts';
import { openExposureFile } from './exposure/exposure-file.ts';
import { shardLabels } from './exposure/shard-objects.ts';
import { createStatefulFleet } from './fleet/stateful-fleet.ts';
import { followAll } from './followed.ts';
import type { OwnerReference } from './owner.ts';

/** What an operator works with on Kubernetes. */
export interface KubernetesMode {
  readonly deps: Pick<OperatorDeps, 'fleet' | 'authority' | 'leadership' | 'health' | 'onPassed' | 'onFailed'>;
  /** After the operator was closed: gives the Lease back. */
  close(): Promise<void>;
}

/** What comes from outside. */
export interface KubernetesModeOptions {
  readonly config: OperatorEnvironment;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Leadership was lost: the process is to end at once. */
  readonly onLost: () => void;
  /** Something changed that only a new process can take up: this one is to end in order. */
  readonly onRestart: () => void;
}

/** The longest that a call of the API server may take, milliseconds; with a short Lease half of its renew deadline. */
const LONGEST_CALL_MS = 5_000;

const own = {
  nowMs: (): number => performance.now(),
  wallTime: (): string => new Date().toISOString(),
  random: (): number => Math.random(),
};

/**
 * Connects the operator to Kubernetes: follows what there is, takes part in the election once all is known, cares for the
 * objects around shards while it leads.
 *
 * **While the API server cannot be reached, nothing changes.** No epoch can be minted without it, and what is known of the
 * pods grows old; so the map stays, a lost Redis is still given back the same map, heartbeats are still seen. A leader that
 * cannot renew its Lease ends; until the API server is back nobody leads, and clients of a shard that dies meanwhile wait.
 *
 * @throws {ConfigError} for a kubeconfig or an exposure that cannot be used
 */
export async function startKubernetesMode(options: KubernetesModeOptions): Promise<KubernetesMode> {
  const { config, logger, metrics } = options;
  const times = electionTimes(config.leaseDurationMs);
  const transport = createTransport({
    loadConfig: () => loadConfig(options.environment),
    deadlineMs: Math.min(LONGEST_CALL_MS, Math.max(1_000, times.renewDeadlineMs / 2)),
    nowMs: own.nowMs,
    onCall: (verb, code) => metrics.apiCall(verb, code),
  });
  const changed = { tell: (): void => undefined };
  const file = await openExposure(options, () => changed.tell());
  const exposure = (): Exposure => file.current();
  const { namespace, statefulSet, shardMap, identity } = config;
  const around = { exposure: exposure(), logger, metrics, ...own, onChange: () => changed.tell() };
  const followed = followAll(transport, { namespace, statefulSet, shardMap, ...around });
  const owner = (): OwnerReference | null => followed.owner();
  const labels = (): Record<string, string> => operatorLabels(exposure());
  const store = createConfigMapStore(transport, followed.configMaps, { namespace, name: shardMap, labels, owner });
  const { services, routes, formerRoutes } = followed;
  const exposer = createExposer({ exposure, owner, services, routes, formerRoutes });
  const mappedShards = (): number => countShards(store);
  const fleet = createStatefulFleet({
    ...{ name: statefulSet, sets: followed.sets, pods: followed.pods, exposure, nowMs: own.nowMs, mappedShards },
    isExposed: (shard) => exposer.isExposed(shard),
    answeredMs: () => transport.answeredMs(),
    staleAfterMs: 2 * times.retryMs + 1_000,
  });
  const leadership = startLeadership({
    leases: createKubernetesLease(transport, { namespace, name: config.lease, labels, owner }),
    ...{ times, identity, logger, ...own, onLost: options.onLost, onLeading: () => fleet.changed() },
    maySee: () => followed.isSynced(),
  });
  const parts = { transport, followed, fleet, exposer, store, mappedShards, leadership };
  const care = startCare({ ...parts, identity, logger, ...own });
  changed.tell = () => {
    fleet.changed();
    care.caretaker.trigger();
  };
  const health = { isReady: () => followed.isSynced() };
  return {
    deps: { fleet, authority: createConfigMapAuthority(store), leadership, health, ...care.hooks },
    async close() {
      await Promise.all([care.caretaker.close(), file.close()]);
      await care.sender.close();
      await leadership.close();
      await followed.close();
    },
  };
}

/** The kind of routes decides what is followed: another kind takes a new process. */
async function openExposure({ config, logger, onRestart }: KubernetesModeOptions, onChange: () => void) {
  const file = await openExposureFile(config.exposureFile, logger, () => {
    if (file.current().route?.kind === kind) onChange();
    else onRestart();
  });
  const kind = file.current().route?.kind;
  return file;
}

/** How many shards the map has that was minted last; 0 when there is none, or none that can be read. */
function countShards(store: ConfigMapStore): number {
  try {
    const map = readMap(store.read()?.data?.[MAP_KEY]);
    return new Set(map?.home.filter((_, i) => i % 2 === 0)).size;
  } catch {
    return 0;
  }
}

/** Of what belongs to the operator, not to a shard. */
function operatorLabels(exposure: Exposure): Record<string, string> {
  return { ...shardLabels(exposure), 'app.kubernetes.io/component': 'operator' };
}
