import { withDefaultLimits } from '../../../services/im/src/config/limits.ts';

/** Name of the one cluster of a world. */
export const CLUSTER = 'sim';

/** Where all stores of a world connect. */
export const REDIS_URL = 'redis://redis';

/** Times are those of production where a schedule can afford it; what takes half a minute there takes some seconds here. */
export const LIMITS = withDefaultLimits({
  handshakesPerSecond: 2_000,
  heartbeatMs: 1_500,
  heartbeatTimeoutMs: 2_500,
  helloTimeoutMs: 2_000,
  reconnectGraceMs: 2_000,
  leaseMs: 1_500,
  leaseHeartbeatMs: 500,
  drainMs: 6_000,
});

/** Age from which a join that somebody left unfinished is finished by others. */
export const UNSETTLED_MS = 1_000;

/** How the operator judges: a shard that crashed repeatedly waits less than in production. */
export const OPERATOR = Object.freeze({
  failoverAfterMs: 1_500,
  intervalMs: 1_000,
  takeOverPauseMs: 1_000,
  plan: { returnDelayMs: 400, maxReturnDelayMs: 1_600, growthSettleMs: 300 },
});

/** How long an operator's Lease lasts. */
export const ELECTION_MS = 1_500;

/** A client's patience. */
export const CLIENT = Object.freeze({
  backoffBaseMs: 100,
  backoffCapMs: 1_000,
  addressTimeoutMs: 1_500,
  connectTimeoutMs: 2_000,
});
