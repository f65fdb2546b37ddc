import { ConfigError } from '@flotilla-im/environment';
import * as v from 'valibot';
import type { TokenKeySet } from '@flotilla-im/sdk/tokens';
import { type Limits, withDefaultLimits } from './limits.ts';
import type { LogLevel, ShardOptions } from './options.ts';
import { optionsSchema } from './options-schema.ts';

/** A pod's configuration, checked and complete. */
export interface ShardConfig {
  readonly cluster: string;
  readonly redisUrl: string;
  readonly redisPasswordFile: string | null;
  readonly shard: number;
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  /** Path of a JWKS file, or the keys themselves. */
  readonly tokenKeys: string | TokenKeySet;
  readonly allowedOrigins: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly durableReplicas: number;
  readonly logLevel: LogLevel;
  readonly limits: Limits;
}

/** How a fault names the option at a path; by default the path itself, `limits.frameBytes`. */
export type OptionNaming = (path: readonly string[]) => string;

/**
 * Checks what was given and completes it with the defaults.
 *
 * @param given - {@link ShardOptions}, not yet trusted
 * @throws {ConfigError} with every fault, not only the first
 */
export function compileConfig(given: unknown, nameOf: OptionNaming = (path) => path.join('.')): ShardConfig {
  // A missing shard has to be a fault of its own, so that it is told in words of its own.
  const options = { shard: undefined, ...(typeof given === 'object' ? given : {}) } as unknown as ShardOptions;
  const result = v.safeParse(optionsSchema, options);
  const faults = result.success ? [] : result.issues.map((issue) => faultOf(issue, nameOf));
  faults.push(...contradictions(options, nameOf));
  if (!result.success || faults.length > 0) throw new ConfigError(faults);
  return Object.freeze(withDefaults(result.output));
}

function withDefaults(options: ShardOptions): ShardConfig {
  const tokenKeys = options.tokenKeys ?? options.tokenKeysFile;
  if (tokenKeys === undefined) throw new ConfigError(['Token keys are missing.']);
  return {
    cluster: options.cluster ?? 'flotilla',
    redisUrl: options.redisUrl ?? 'redis://127.0.0.1:6379',
    redisPasswordFile: options.redisPasswordFile ?? null,
    shard: options.shard,
    host: options.host ?? '0.0.0.0',
    port: options.port ?? 8080,
    tokenKeys,
    allowedOrigins: Object.freeze([...(options.allowedOrigins ?? ['*'])]),
    trustedProxies: Object.freeze([...(options.trustedProxies ?? [])]),
    durableReplicas: options.durableReplicas ?? 0,
    logLevel: options.logLevel ?? 'info',
    limits: withDefaultLimits(options.limits),
  };
}

function faultOf(issue: v.BaseIssue<unknown>, nameOf: OptionNaming): string {
  const path = (issue.path ?? []).map((item) => String(item.key));
  const name = path.length === 0 ? 'The configuration' : nameOf(path);
  const isUnknownKey = issue.path?.at(-1)?.origin === 'key';
  const shown = issue.input === undefined || isUnknownKey ? '' : ` It is ${shownValue(issue.input)}.`;
  return `${name} ${issue.message}.${shown}${hintOf(issue.input)}`;
}

/** A value with an `@` may be an address with a password in it: never shown. */
function shownValue(value: unknown): string {
  if (typeof value === 'string' && value.includes('@')) return 'something else';
  return typeof value === 'object' ? 'of another type' : JSON.stringify(value);
}

/** Kubernetes sets `<SERVICE>_PORT` in every pod; a Service called `flotilla` collides with our variable. */
function hintOf(value: unknown): string {
  const isServiceLink = typeof value === 'string' && value.startsWith('tcp://');
  return isServiceLink ? ' This looks like a Kubernetes service link: set enableServiceLinks: false for the pod.' : '';
}

function contradictions(options: ShardOptions, nameOf: OptionNaming): string[] {
  const faults: string[] = [];
  if (options.tokenKeys === undefined && options.tokenKeysFile === undefined) {
    faults.push(`${nameOf(['tokenKeysFile'])} is missing: without keys no token can be checked.`);
  }
  if (options.tokenKeys !== undefined && options.tokenKeysFile !== undefined) {
    faults.push(`Give either ${nameOf(['tokenKeysFile'])} or ${nameOf(['tokenKeys'])}, not both.`);
  }
  return [...faults, ...limitContradictions(withDefaultLimits(options.limits), nameOf)];
}

function limitContradictions(limits: Limits, nameOf: OptionNaming): string[] {
  const faults: string[] = [];
  const name = (limit: keyof Limits): string => nameOf(['limits', limit]);
  if (limits.leaseHeartbeatMs * 2 > limits.leaseMs) {
    faults.push(`${name('leaseHeartbeatMs')} must be at most half of ${name('leaseMs')} (${limits.leaseMs}).`);
  }
  if (limits.heartbeatTimeoutMs <= limits.heartbeatMs) {
    faults.push(`${name('heartbeatTimeoutMs')} must be longer than ${name('heartbeatMs')} (${limits.heartbeatMs}).`);
  }
  if (limits.frameBytes < limits.dataBytes) {
    faults.push(`${name('frameBytes')} must be at least ${name('dataBytes')} (${limits.dataBytes}).`);
  }
  return faults;
}
