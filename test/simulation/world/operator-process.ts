import { createRedisStore, createLeaseObserver } from '@flotilla-im/store';
import type { MapAuthority } from '../../../operator/src/act/map-authority.ts';
import type { FleetSource } from '../../../operator/src/observe/fleet-source.ts';
import { createPatientStore } from '../../../operator/src/observe/patient-store.ts';
import { startOperator } from '../../../operator/src/start-operator.ts';
import type { Metrics } from '../../../operator/src/report/metrics.ts';
import { createLogger, type Hear } from './quiet-logger.ts';
import { CLUSTER, OPERATOR, REDIS_URL } from './settings.ts';

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
}

/** The program of the operator. Runs within its process; never rejects. */
export async function runOperator({ fleet, authority, hear, onFault }: OperatorProcessDeps): Promise<void> {
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
    await startOperator(OPERATOR, { fleet, authority, store, leaseObserver, logger, nowMs, metrics: METRICS });
  } catch (error) {
    onFault(error);
  }
}
