import { randomUUID } from 'node:crypto';
import type { V1OwnerReference } from '@kubernetes/client-node';
import { isFlotillaError } from '@flotilla-im/protocol';
import type { Logger } from 'pino';
import type { OperatorEnvironment } from '../config/environment.ts';
import type { Metrics } from '../report/metrics.ts';
import { sleep } from '../sleep.ts';
import type { Leadership, OperatorDeps } from '../start-operator.ts';
import { failureOf } from './api/api-error.ts';
import { loadConfig } from './api/load-config.ts';
import { createTransport, type Transport } from './api/transport.ts';
import { type ConfigMapStore, createConfigMapStore } from './authority/config-map.ts';
import { createConfigMapAuthority, MAP_KEY, readMap } from './authority/config-map-authority.ts';
import { type Caretaker, startCaretaker } from './caretaker.ts';
import { type ElectionTimes, electionTimes, type Elector, startElector } from './election/elector.ts';
import { createKubernetesLease } from './election/kubernetes-lease.ts';
import { createExposer, type Exposer } from './exposure/exposer.ts';
import type { Exposure } from './exposure/exposure.ts';
import { openExposureFile } from './exposure/exposure-file.ts';
import { shardLabels } from './exposure/shard-objects.ts';
import { ordinalOf } from './fleet/pod-shard.ts';
import { createScaler } from './fleet/scaler.ts';
import { createStatefulFleet, type StatefulFleet } from './fleet/stateful-fleet.ts';
import { followAll, type Followed } from './followed.ts';
import { createEventSender, type EventSender } from './report/event-sender.ts';
import { createFailureTeller } from './report/failure-teller.ts';
import { eventsOf } from './report/map-events.ts';
import { createStatusKeeper } from './report/status-keeper.ts';

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

/** A changing status is written at most once in this time, milliseconds. */
const STATUS_PAUSE_MS = 2_000;
/** The longest that a call of the API server may take: with a short Lease half of its renew deadline, milliseconds. */
const LONGEST_CALL_MS = 5_000;

const nowMs = (): number => performance.now();
const wallTime = (): string => new Date().toISOString();

/**
 * Connects the operator to Kubernetes: follows what there is, takes part in the election once all is known, cares for the
 * objects around shards while it leads.
 *
 * @throws {ConfigError} for a kubeconfig or an exposure that cannot be used
 */
export async function startKubernetesMode(options: KubernetesModeOptions): Promise<KubernetesMode> {
  const { config, logger, metrics } = options;
  const times = electionTimes(config.leaseDurationMs);
  const transport = createTransport({
    loadConfig: () => loadConfig(options.environment),
    deadlineMs: Math.min(LONGEST_CALL_MS, Math.max(1_000, times.renewDeadlineMs / 2)),
    nowMs,
    onCall: (verb, code) => metrics.apiCall(verb, code),
  });
  const changed = { tell: (): void => undefined };
  const file = await openExposureFile(config.exposureFile, logger, () => {
    if (file.current().route?.kind === kind) changed.tell();
    else options.onRestart();
  });
  const exposure = (): Exposure => file.current();
  const kind = exposure().route?.kind;
  const followed = followAll(transport, {
    ...{ namespace: config.namespace, statefulSet: config.statefulSet, shardMap: config.shardMap },
    ...{ exposure: exposure(), logger, metrics, nowMs, random: Math.random, onChange: () => changed.tell() },
  });
  const { services, routes } = followed;
  const owner = (): V1OwnerReference | null => followed.owner();
  const store = createConfigMapStore(transport, followed.configMaps, {
    namespace: config.namespace,
    name: config.shardMap,
    labels: () => mapLabels(shardLabels(exposure())),
    owner,
  });
  const authority = createConfigMapAuthority(store);
  const exposer = createExposer({ exposure, owner, services, routes });
  const mapped = (): number => mappedShards(store);
  const fleet = createStatefulFleet({
    ...{ name: config.statefulSet, sets: followed.sets, pods: followed.pods, exposure, nowMs },
    isExposed: (shard) => exposer.isExposed(shard),
    mappedShards: mapped,
    answeredMs: () => transport.answeredMs(),
    staleAfterMs: 2 * times.retryMs + 1_000,
  });
  const leadership = lead(transport, options, exposure, followed, times, fleet);
  const care = startCare({ options, transport, followed, fleet, exposer, store, mapped, leadership });
  changed.tell = () => {
    fleet.changed();
    care.caretaker.trigger();
  };
  return {
    deps: { fleet, authority, leadership, health: { isReady: () => followed.isSynced() }, ...care.hooks },
    async close() {
      await Promise.all([care.caretaker.close(), file.close()]);
      await care.sender.close();
      await leadership.close();
      await followed.close();
    },
  };
}

interface CareOptions {
  readonly options: KubernetesModeOptions;
  readonly transport: Transport;
  readonly followed: Followed;
  readonly fleet: StatefulFleet;
  readonly exposer: Exposer;
  readonly store: ConfigMapStore;
  readonly mapped: () => number;
  readonly leadership: Leadership;
}

interface Care {
  readonly caretaker: Caretaker;
  readonly sender: EventSender;
  readonly hooks: Pick<OperatorDeps, 'onPassed' | 'onFailed'>;
}

/** What is done around the map: objects, the first count, status, events. */
function startCare({ options, transport, followed, fleet, exposer, store, mapped, leadership }: CareOptions): Care {
  const { logger, config } = options;
  const caretaker = startCaretaker({
    isLeading: () => leadership.isLeading(),
    readFleet: () => fleet.read(),
    set: () => fleet.set(),
    podIds: () => podIds(followed, fleet),
    mappedShards: mapped,
    scaler: createScaler(transport),
    exposer,
    status: createStatusKeeper({ store, nowMs, wallTime, pauseMs: STATUS_PAUSE_MS }),
    logger,
    random: Math.random,
  });
  const sender = createEventSender(transport, {
    regarding: () => fleet.set(),
    identity: config.identity,
    wallMs: () => Date.now(),
    newId: () => randomUUID().slice(0, 8) + Date.now().toString(16),
    onFailure: (error) => logger.warn({ error: failureOf(error).text }, 'event could not be written'),
  });
  const teller = createFailureTeller();
  return {
    caretaker,
    sender,
    hooks: {
      onPassed(report) {
        caretaker.passed(report);
        sender.send([...eventsOf(report), ...teller.passed(report, nowMs())]);
      },
      onFailed(error, failures) {
        const text = isFlotillaError(error) ? error.message : failureOf(error).text;
        if (leadership.isLeading()) sender.send(teller.failed(text, failures, nowMs()));
      },
    },
  };
}

interface OwnLeadership extends Leadership {
  close(): Promise<void>;
}

/** Takes part in the election as soon as all is known: one that cannot see must not lead. */
function lead(
  transport: Transport,
  { config, logger, onLost }: KubernetesModeOptions,
  exposure: () => Exposure,
  followed: Followed,
  times: ElectionTimes,
  fleet: StatefulFleet,
): OwnLeadership {
  const end = new AbortController();
  const leases = createKubernetesLease(transport, {
    namespace: config.namespace,
    name: config.lease,
    labels: mapLabels(shardLabels(exposure())),
    owner: () => followed.owner(),
  });
  let elector: Elector | null = null;
  const begin = async (): Promise<void> => {
    while (!followed.isSynced() && !end.signal.aborted) await sleep(100, end.signal);
    if (end.signal.aborted) return;
    elector = startElector({
      ...{ leases, times, identity: config.identity, nowMs, wallTime, random: Math.random, onLost },
      onLeading() {
        logger.info({ identity: config.identity }, 'leading');
        fleet.changed();
      },
      onFailure: (error) => logger.warn({ error: failureOf(error).text }, 'Lease could not be read or written'),
    });
  };
  const begun = begin();
  return {
    isLeading: () => elector?.isLeading() ?? false,
    async close() {
      end.abort();
      await begun;
      await elector?.close();
    },
  };
}

function podIds({ pods }: Followed, fleet: StatefulFleet): number[] {
  const set = fleet.set();
  if (set === null) return [];
  return (pods.collection()?.values() ?? []).map((pod) => ordinalOf(pod, set)).filter((id) => id !== null);
}

/** How many shards the map has that was minted last; 0 when there is none, or none that can be read. */
function mappedShards(store: ConfigMapStore): number {
  try {
    const map = readMap(store.read()?.data?.[MAP_KEY]);
    return new Set(map?.home.filter((_, i) => i % 2 === 0)).size;
  } catch {
    return 0;
  }
}

function mapLabels(labels: Readonly<Record<string, string>>): Record<string, string> {
  return { ...labels, 'app.kubernetes.io/component': 'operator' };
}
