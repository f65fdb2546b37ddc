import type { Lease, LeaseStore, ShardReport } from './lease.ts';
import type { RedisConnection } from './redis/connection.ts';
import { fieldsReply } from './redis/reply.ts';

function parseLease(incarnation: string, text: string): Lease {
  const counterEnd = text.indexOf(' ');
  const shardEnd = text.indexOf(' ', counterEnd + 1);
  return {
    ...(JSON.parse(text.slice(shardEnd + 1)) as ShardReport),
    incarnation,
    shard: Number(text.slice(counterEnd + 1, shardEnd)),
    counter: Number(text.slice(0, counterEnd)),
  };
}

/** Shard leases in one Redis hash. */
export function createRedisLeaseStore(connection: RedisConnection): LeaseStore {
  const { keys } = connection;
  return {
    async register(shard, incarnation, report) {
      await connection.command('HSET', keys.leases, incarnation, `1 ${shard} ${JSON.stringify(report)}`);
    },
    async heartbeat(shard, incarnation, report) {
      const args = [incarnation, shard, JSON.stringify(report)];
      return (await connection.script('lease-heartbeat', [keys.leases], args)) === 'ok' ? 'ok' : 'gone';
    },
    async release(incarnation) {
      await connection.command('HDEL', keys.leases, incarnation);
    },
    async list() {
      const fields = fieldsReply(await connection.command('HGETALL', keys.leases));
      return [...fields].map(([incarnation, text]) => parseLease(incarnation, text)).sort((a, b) => a.shard - b.shard);
    },
    async holdSweep(holder, ttlMs) {
      return (await connection.script('hold-sweep', [keys.sweep], [holder, ttlMs])) === 1;
    },
  };
}
