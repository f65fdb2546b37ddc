import { once } from 'node:events';
import { Emitter } from '@socket.io/redis-emitter';
import { Redis } from 'ioredis';
import { pin, startChild, stopChild } from './child.ts';

/** Socket.IO servers behind their Redis adapter, and an emitter that reaches their clients from another process. */
export interface Peer {
  readonly pids: readonly number[];
  /** Address of a client's WebSocket; clients spread over the servers in turn. */
  url(clientIndex: number): string;
  /** One event to every client, or to one. */
  publish(data: unknown, clientIndex?: number): void;
  /** Resolves when Redis has taken all that was published. */
  flushed(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts `count` servers pinned to processor `cpu`. */
export async function startPeer(redisUrl: string, count: number, cpu: number): Promise<Peer> {
  const children = Array.from({ length: count }, () =>
    startChild('../peer/socket-io.ts', { BENCH_REDIS_URL: redisUrl }),
  );
  const ports = await Promise.all(
    children.map(async (child) => ((await once(child, 'message')) as [{ port: number }])[0].port),
  );
  const pids = children.map((child) => child.pid ?? 0);
  for (const pid of pids) pin(pid, cpu);
  const redis = new Redis(redisUrl);
  const emitter = new Emitter(redis);
  return {
    pids,
    url: (i) => `ws://127.0.0.1:${String(ports[i % count])}/socket.io/?EIO=4&transport=websocket&clientId=${String(i)}`,
    publish(data, clientIndex) {
      emitter.to(clientIndex === undefined ? 'news' : `client:${String(clientIndex)}`).emit('message', data);
    },
    async flushed() {
      await redis.ping();
    },
    async stop() {
      redis.disconnect();
      await Promise.all(children.map(stopChild));
    },
  };
}
