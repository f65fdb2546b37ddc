import type { TokenKeySet } from '@flotilla-im/sdk/tokens';
import type { GivenLimits } from './limits.ts';

/** Levels of pino, quietest first. */
export const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

/** One of {@link LOG_LEVELS}. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** A pod's configuration as it is given, by the environment or by whoever starts a shard in its own process. */
export interface ShardOptions {
  /** Default `flotilla`. */
  readonly cluster?: string | undefined;
  /** Address of Redis; default `redis://127.0.0.1:6379`. Unused when a store is given. */
  readonly redisUrl?: string | undefined;
  readonly redisPasswordFile?: string | undefined;
  /** The shard id: an integer ≥ 0. */
  readonly shard: number;
  /** Default `0.0.0.0`. */
  readonly host?: string | undefined;
  /** Default 8080; 0 takes a free port. */
  readonly port?: number | undefined;
  /** Path of a JWKS file. Either this or `tokenKeys`. */
  readonly tokenKeysFile?: string | undefined;
  readonly tokenKeys?: TokenKeySet | undefined;
  /** Web origins that may connect; default `['*']`. */
  readonly allowedOrigins?: readonly string[] | undefined;
  /** Proxies whose X-Forwarded-For is believed: addresses, CIDR ranges, `loopback`, `private`. Default none. */
  readonly trustedProxies?: readonly string[] | undefined;
  /** Replicas of Redis that must have what a client sends before it is told so; default 0. */
  readonly durableReplicas?: number | undefined;
  /** Default `info`. */
  readonly logLevel?: LogLevel | undefined;
  readonly limits?: GivenLimits | undefined;
}
