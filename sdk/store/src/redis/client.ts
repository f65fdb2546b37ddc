import { Cluster, Redis } from 'ioredis';
import type { ClusterOptions, RedisOptions } from 'ioredis';
import type { RedisTarget } from './url.ts';

/** What both kinds of ioredis client share as far as this package needs it. */
export type RedisClient = Redis | Cluster;

/** Times of one connection, milliseconds. */
export interface ClientTimes {
  /** How long a command may take; a connection silent for that long with commands under way is closed. */
  readonly commandTimeoutMs: number;
  /** How long one attempt to connect may take. */
  readonly connectTimeoutMs: number;
}

/** The reply shapes are part of the client's type, so they are said and not left out. */
type Options = Omit<RedisOptions, 'replyMapping'> & { replyMapping: 'legacy' };

const longestRetryMs = 1_000;

function retryDelayMs(times: number): number {
  return Math.min(longestRetryMs, 25 * 2 ** Math.min(times, 10)) * (0.5 + Math.random() / 2);
}

/**
 * Nothing is sent twice by the client on its own (`autoResendUnfulfilledCommands`, retries a request): an append that
 * may have run is repeated only by a caller that says so. Nothing waits for a connection that may never come
 * (`enableOfflineQueue`). RESP 2, because scripts answer with strings and lists, which look the same in both, and proxies
 * before Redis know it.
 */
function connectionOptions(target: RedisTarget, times: ClientTimes): Options {
  return {
    protocol: 2,
    replyMapping: 'legacy',
    lazyConnect: true,
    disableClientInfo: true,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    autoResubscribe: false,
    maxRetriesPerRequest: 0,
    maxLoadingRetryTime: 500,
    keepAlive: 5_000,
    // Closing waits for commands by itself; an end that is not answered is not waited for.
    disconnectTimeout: 100,
    connectTimeout: times.connectTimeoutMs,
    socketTimeout: times.commandTimeoutMs,
    // A master that became a replica keeps the connection open; the way to the new master leads through a new one.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    ...(target.username === null ? {} : { username: target.username }),
    ...(target.password === null ? {} : { password: target.password }),
    ...(target.isTls ? { tls: {} } : {}),
  };
}

function hostOptions(target: RedisTarget): Omit<RedisOptions, 'replyMapping'> {
  if (target.kind !== 'sentinel') return { ...target.hosts[0], db: target.db };
  return {
    db: target.db,
    sentinels: target.hosts.map((host) => ({ ...host })),
    ...(target.masterName === null ? {} : { name: target.masterName }),
    ...(target.isTls ? { enableTLSForSentinelMode: true } : {}),
    sentinelRetryStrategy: retryDelayMs,
  };
}

function clusterOptions(target: RedisTarget, times: ClientTimes): ClusterOptions & { redisOptions: Options } {
  return {
    lazyConnect: true,
    enableOfflineQueue: false,
    clusterRetryStrategy: retryDelayMs,
    // A command whose connection broke may have run: the caller decides, never the client.
    retryDelayOnFailover: 0,
    slotsRefreshTimeout: times.commandTimeoutMs,
    redisOptions: connectionOptions(target, times),
    // Certificates of managed clusters name hosts, so names are not resolved ahead of the handshake.
    ...(target.isTls ? { dnsLookup: (address, callback) => callback(null, address) } : {}),
  };
}

/** A client for commands, not yet connecting. */
export function createCommandClient(target: RedisTarget, times: ClientTimes): RedisClient {
  const hosts = target.hosts.map((host) => ({ ...host }));
  if (target.kind === 'cluster') return new Cluster(hosts, clusterOptions(target, times));
  return new Redis({ ...connectionOptions(target, times), ...hostOptions(target), retryStrategy: retryDelayMs });
}

/**
 * A client for one subscription connection, not yet connecting and never reconnecting by itself. On a cluster it leads to
 * one node: PUBLISH reaches every node, so any will do; `attempt` picks another one each time.
 */
export function createSubscriberClient(
  target: RedisTarget,
  times: ClientTimes,
  commands: RedisClient,
  attempt: number,
): Redis {
  const own = { ...connectionOptions(target, times), retryStrategy: () => null };
  if (target.kind !== 'cluster') return new Redis({ ...own, ...hostOptions(target) });
  const known = commands instanceof Cluster ? commands.nodes('all').map(({ options }) => options) : [];
  const hosts = known.length === 0 ? target.hosts : known;
  const { host = 'localhost', port = 6379 } = hosts[attempt % hosts.length] ?? {};
  return new Redis({ ...own, host, port });
}

/** The clients of the masters: one, or those of a cluster that are known now. */
export function masterClients(client: RedisClient): readonly Redis[] {
  return client instanceof Cluster ? client.nodes('master') : [client];
}
