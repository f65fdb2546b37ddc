import { createAdapter } from '@socket.io/redis-adapter';
import { parseRedisUrl } from '@flotilla-im/store';
import type { Logger } from 'pino';
import type { ServerOptions } from 'socket.io';
import type { ShardConfig } from '../config/config.ts';
import { connectSocketIoRedis } from '../socketio/redis-clients.ts';
import type { Closers } from './closers.ts';

/** First part of Socket.IO's channels in Redis: what `@socket.io/redis-emitter` takes as its `key`. */
export function socketIoKey(cluster: string): string {
  return `fl1:${cluster}:socket.io`;
}

/**
 * The classic adapter over two connections of its own: rooms, broadcasts and serverSideEmit reach all pods, and so does
 * `@socket.io/redis-emitter` (which reaches nobody through the sharded adapter).
 */
export function openSocketIoAdapter(
  config: ShardConfig,
  password: string | null,
  logger: Logger,
  closers: Closers,
): NonNullable<ServerOptions['adapter']> {
  const target = parseRedisUrl(config.redisUrl);
  const redis = connectSocketIoRedis(password === null ? target : { ...target, password }, logger);
  closers.add(() => redis.close());
  return createAdapter(redis.publish, redis.subscribe, { key: socketIoKey(config.cluster) }) as never;
}
