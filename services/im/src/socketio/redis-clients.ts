import type { RedisTarget } from '@flotilla-im/store';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import type { Logger } from 'pino';

/** Connections for what is Socket.IO's own between pods; apart from the store's, so that neither waits for the other. */
export interface SocketIoRedis {
  readonly publish: Redis | Cluster;
  readonly subscribe: Redis | Cluster;
  close(): void;
}

const RETRY_MOST_MS = 1_000;

/**
 * Connects twice, and goes on connecting for ever: Socket.IO's own features wait for Redis, deliveries do not wait for
 * them.
 */
export function connectSocketIoRedis(target: RedisTarget, logger: Logger): SocketIoRedis {
  const publish = createClient(target);
  const subscribe = createClient(target);
  for (const client of [publish, subscribe]) ownFailures(client, logger);
  ownMessages(subscribe, logger);
  return {
    publish,
    subscribe,
    close: () => {
      publish.disconnect();
      subscribe.disconnect();
    },
  };
}

/** The adapter awaits none of its commands: their failures are ours to handle, and must not end the pod. */
function ownFailures(client: Redis | Cluster, logger: Logger): void {
  client.on('error', (error: unknown) => logger.warn({ err: error }, 'socket.io connection to redis failed'));
  const send = client.sendCommand.bind(client) as (...args: unknown[]) => unknown;
  const sendOwned = (...args: unknown[]): unknown => {
    const reply = send(...args);
    Promise.resolve(reply).catch((error: unknown) => {
      // What Redis refuses stays refused (an ACL without the adapter's pattern); what broke with a connection comes again.
      const isRefused = error instanceof Error && error.name === 'ReplyError';
      if (isRefused) logger.warn({ err: error }, 'socket.io command refused by redis');
      else logger.debug({ err: error }, 'socket.io command failed');
    });
    return reply;
  };
  Object.assign(client, { sendCommand: sendOwned });
}

const MESSAGE_EVENTS: ReadonlySet<string> = new Set(['messageBuffer', 'pmessageBuffer']);

/** The adapter trusts what comes on its channels. What it throws for something damaged, at once or later, must not end the pod. */
function ownMessages(client: Redis | Cluster, logger: Logger): void {
  const on = client.on.bind(client) as (event: string, listener: Listener) => unknown;
  const onOwned = (event: string, listener: Listener): unknown =>
    on(event, MESSAGE_EVENTS.has(event) ? guarded(listener, logger) : listener);
  Object.assign(client, { on: onOwned });
}

type Listener = (...args: unknown[]) => unknown;

function guarded(listener: Listener, logger: Logger): Listener {
  return async (...args) => {
    try {
      await listener(...args);
    } catch (error) {
      logger.warn({ err: error }, 'socket.io message from redis could not be read');
    }
  };
}

function createClient(target: RedisTarget): Redis | Cluster {
  const retryStrategy = (times: number): number => Math.min(RETRY_MOST_MS, 25 * times);
  const common: RedisOptions & { replyMapping: 'legacy' } = {
    replyMapping: 'legacy',
    // CLIENT SETINFO is unknown to Redis 7.0.
    disableClientInfo: true,
    disconnectTimeout: 500,
    maxRetriesPerRequest: null,
    ...(target.username === null ? {} : { username: target.username }),
    ...(target.password === null ? {} : { password: target.password }),
    ...(target.isTls ? { tls: {} } : {}),
  };
  const hosts = target.hosts.map((host) => ({ ...host }));
  if (target.kind === 'cluster') {
    const dnsLookup = target.isTls ? { dnsLookup: passThrough } : {};
    return new Cluster(hosts, { redisOptions: common, clusterRetryStrategy: retryStrategy, ...dnsLookup });
  }
  if (target.kind === 'sentinel') {
    const name = target.masterName ?? '';
    const enableTLSForSentinelMode = target.isTls;
    return new Redis({ ...common, db: target.db, sentinels: hosts, name, retryStrategy, enableTLSForSentinelMode });
  }
  return new Redis({ ...common, ...hosts[0], db: target.db, retryStrategy });
}

/** Certificates of managed clusters name hosts, so names are not resolved ahead of the handshake. */
function passThrough(address: string, callback: (error: null, address: string) => void): void {
  callback(null, address);
}
