import { createRedisStore, createLeaseObserver } from '@flotilla-im/store';
import type { MapAuthority } from '../../../operator/src/act/map-authority.ts';
import type { FleetSource } from '../../../operator/src/observe/fleet-source.ts';
import { createPatientStore } from '../../../operator/src/observe/patient-store.ts';
import { electionTimes, startElector } from '../../../operator/src/kubernetes/election/elector.ts';
import type { LeaseStore } from '../../../operator/src/kubernetes/election/lease-store.ts';
import { type Leadership, startOperator } from '../../../operator/src/start-operator.ts';
import type { Metrics } from '../../../operator/src/report/metrics.ts';
import { createLogger, type Hear } from './quiet-logger.ts';
import { CLUSTER, ELECTION_MS, OPERATOR, REDIS_URL } from './settings.ts';

const ignore = (): void => undefined;

/** Nobody scrapes here. */
const METRICS: Metrics = {
  passed: ignore,
  failed: ignore,
  leading: ignore,
  apiCall: ignore,
  followBroke: ignore,
  contentType: '',
  text: () => Promise.resolve(''),
};

/** What an operator's process needs. */
export interface OperatorProcessDeps {
  readonly fleet: FleetSource;
  readonly authority: MapAuthority;
  readonly hear: Hear;
  readonly onFault: (error: unknown) => void;
  /** Null: it leads always. */
  readonly election: Election | null;
}

/** One operator's part in an election. */
export interface Election {
  readonly leases: LeaseStore;
  readonly identity: string;
  /** Is given what says whether it leads. */
  readonly begun: (isLeading: () => boolean) => void;
  /** It led, and leads no more: its process is to end. */
  readonly onLost: () => void;
}

/** The program of the operator. Runs within its process; never rejects. */
export async function runOperator({ fleet, authority, hear, onFault, election }: OperatorProcessDeps): Promise<void> {
  try {
    const nowMs = (): number => performance.now();
    const store = createPatientStore({
      connect: () => createRedisStore({ url: REDIS_URL, cluster: CLUSTER, connectTimeoutMs: 2_000 }),
      onFatal: onFault,
      retryMs: 1_000,
      nowMs,
    });
    await store.attempted;
    const leaseObserver = createLeaseObserver();
    const logger = createLogger(hear);
    const leadership = election === null ? {} : { leadership: stand(election, nowMs) };
    const observed = { fleet, authority, store, leaseObserver };
    await startOperator(OPERATOR, { ...observed, logger, nowMs, metrics: METRICS, ...leadership });
  } catch (error) {
    onFault(error);
  }
}

function stand({ leases, identity, begun, onLost }: Election, nowMs: () => number): Leadership {
  const elector = startElector({
    leases,
    identity,
    onLost,
    nowMs,
    times: electionTimes(ELECTION_MS),
    wallTime: () => new Date(Date.now()).toISOString(),
    random: () => Math.random(),
    onLeading: ignore,
    onFailure: ignore,
  });
  begun(() => elector.isLeading());
  return elector;
}
