import { type Child, createProcessShards, type ShardHost } from '@flotilla-im/local/testing';
import { freePort } from '../../../integration/redis-harness.ts';
import { type ClockFile, createClockFile } from '../clock/clock-file.ts';
import type { Links } from '../links.ts';
import type { Programs } from '../processes/programs.ts';

/** What shards behind links need. */
export interface LinkedShardsDeps {
  readonly links: Links;
  readonly programs: Programs;
  /** What all shards are told, but for the address of Redis. */
  readonly env: Readonly<Record<string, string>>;
  /** Where a shard's clock file is to be. */
  readonly clockPath: (id: number) => string;
}

/** Shards as processes whose public port is that of a link, and who reach Redis by a link of their own. */
export interface LinkedShards extends ShardHost {
  /** The public port of a shard: its links are opened when it is asked for first. */
  portOf(id: number): Promise<number>;
  /** The port that it really listens on. @throws RangeError for a shard that never was */
  ownPort(id: number): number;
  /** Null between two lives. */
  child(id: number): Child | null;
  clock(id: number): ClockFile;
}

interface Seat {
  readonly publicPort: number;
  readonly ownPort: number;
  readonly redisUrl: string;
  readonly clock: ClockFile;
  child: Child | null;
}

/** Starts nothing yet. */
export function createLinkedShards({ links, programs, env, clockPath }: LinkedShardsDeps): LinkedShards {
  const seats = new Map<number, Seat>();
  const seatOf = (id: number): Seat => {
    const seat = seats.get(id);
    if (seat === undefined) throw new RangeError(`There is no shard ${String(id)}.`);
    return seat;
  };
  const take = async (id: number): Promise<Seat> => {
    const ownPort = await freePort();
    const client = await links.toShard(`client-shard-${String(id)}`, ownPort);
    const redisUrl = await links.toRedis(`shard-redis-${String(id)}`);
    return { publicPort: client.port, ownPort, redisUrl, clock: createClockFile(clockPath(id)), child: null };
  };
  return {
    async portOf(id) {
      const seat = seats.get(id) ?? (await take(id));
      seats.set(id, seat);
      return seat.publicPort;
    },
    start(id, publicPort) {
      const seat = seatOf(id);
      const host = createProcessShards({
        env: { ...env, FLOTILLA_REDIS_URL: seat.redisUrl },
        service: (service) => programs.spec(service, seat.clock),
        start(spec, onLine) {
          const child = programs.start(spec, onLine);
          seat.child = child;
          void child.ended.then(() => {
            if (seat.child === child) seat.child = null;
          });
          return child;
        },
      });
      return { ...host.start(id, seat.ownPort), url: `ws://127.0.0.1:${String(publicPort)}/s/${String(id)}` };
    },
    ownPort: (id) => seatOf(id).ownPort,
    child: (id) => seatOf(id).child,
    clock: (id) => seatOf(id).clock,
  };
}
