import type { Lease, LeaseStore, ShardReport } from './lease.ts';
import type { RedisConnection } from './redis/connection.ts';
import { fieldsReply } from './redis/reply.ts';

const LEASE = /^(\d{1,15}) (\d{1,5}) (\{[^]*)$/;
const FIGURES = ['connections', 'guests', 'delivered', 'epoch', 'pace', 'schema'] as const;

/** A lease as the hash holds it; null for what no version of Flotilla wrote: one such field must not hide all other shards. */
export function parseLease(incarnation: string, text: string): Lease | null {
  const [, counter, shard, json] = LEASE.exec(text) ?? [];
  const report = json === undefined ? null : parseReport(json);
  return report === null ? null : { ...report, incarnation, shard: Number(shard), counter: Number(counter) };
}

function parseReport(json: string): ShardReport | null {
  try {
    const report = JSON.parse(json) as ShardReport;
    return FIGURES.every((name) => Number.isFinite(report[name])) ? report : null;
  } catch {
    return null;
  }
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
      const leases = [...fields].flatMap(([incarnation, text]) => parseLease(incarnation, text) ?? []);
      return leases.sort((a, b) => a.shard - b.shard);
    },
    async holdSweep(holder, ttlMs) {
      return (await connection.script('hold-sweep', [keys.sweep], [holder, ttlMs])) === 1;
    },
  };
}
