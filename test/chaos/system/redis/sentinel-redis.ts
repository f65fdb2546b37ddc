import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type PrivateRedis, startRedis } from '../../../integration/redis-harness.ts';
import { type PrivateSentinel, startSentinel } from '../../../integration/sentinel-harness.ts';
import { dieWithParent } from '../processes/die-with-parent.ts';
import { underFullDisk } from './disk.ts';
import { createRedisControl } from './redis-control.ts';
import type { RedisPlace, RedisSettings } from './redis-place.ts';
import { redisSettings } from './single-redis.ts';
import { until } from '../until.ts';

/**
 * Between a master's death and the failover, as long as a quick Sentinel takes to notice. It is asked for one then, since
 * one that decides by itself would also promote a replica whenever the machine stalls.
 */
const NOTICED_MS = 1_000;
/** How long each step may take: to find each other, to get in step, to be promoted. */
const STEP_MS = 60_000;

/** Starts a master, a replica in step with it, and a Sentinel that knows both. */
export async function startSentinelRedis(settings: RedisSettings): Promise<RedisPlace> {
  const pair = await Promise.all(['a', 'b'].map((name) => startOne(join(settings.folder, name), settings)));
  const [first, second] = pair as [PrivateRedis, PrivateRedis];
  await second.command('REPLICAOF', first.host, String(first.port));
  await inStep(second);
  const sentinel = await startSentinel(first, dieWithParent);
  await until(async () => (await sentinel.replicas()) === 1, STEP_MS, 'The Sentinel does not know the replica.');
  const couple = new Couple([first, second], sentinel);
  return {
    ports: pair.map(({ port }) => port),
    sentinelPort: sentinel.port,
    urlAt: (port) => `redis+sentinel://127.0.0.1:${String(port)}/0?master=main`,
    control: (url) =>
      createRedisControl({
        topology: 'sentinel',
        url,
        master: () => couple.master,
        findMaster: () => couple.findMaster(),
        failover: (lagMs, isAlone) => couple.failover(lagMs, isAlone),
      }),
    wake() {
      for (const redis of pair) redis.resume();
    },
    async close() {
      sentinel.stop();
      couple.close();
      for (const redis of pair) await redis.stop();
    },
  };
}

async function startOne(folder: string, settings: RedisSettings): Promise<PrivateRedis> {
  await mkdir(folder, { recursive: true });
  const own = redisSettings({ ...settings, folder });
  return startRedis({ appendonly: true, folder, settings: own, under: underFullDisk });
}

function inStep(replica: PrivateRedis): Promise<void> {
  const isInStep = (): Promise<boolean> => tells(replica, 'master_link_status:up');
  return until(isInStep, STEP_MS, 'The replica is not in step with its master.');
}

async function tells(redis: PrivateRedis, what: string): Promise<boolean> {
  return String(await redis.command('INFO', 'replication')).includes(what);
}

/** A master and its replica, and who is which. */
class Couple {
  readonly #pair: readonly [PrivateRedis, PrivateRedis];
  readonly #sentinel: PrivateSentinel;
  #master: PrivateRedis;
  #isClosed = false;
  /** Settles once the former master is in step as a replica. */
  #returned: Promise<void> = Promise.resolve();

  constructor(pair: readonly [PrivateRedis, PrivateRedis], sentinel: PrivateSentinel) {
    this.#pair = pair;
    this.#sentinel = sentinel;
    this.#master = pair[0];
  }

  get master(): PrivateRedis {
    return this.#master;
  }

  async findMaster(): Promise<PrivateRedis> {
    const port = await this.#sentinel.masterPort();
    this.#master = this.#pair.find((redis) => redis.port === port) ?? this.#master;
    return this.#master;
  }

  async failover(lagMs: number, isAlone: (isAlone: boolean) => void = () => {}): Promise<void> {
    await this.#returned;
    const old = await this.findMaster();
    const next = this.#pair.find((redis) => redis !== old) as PrivateRedis;
    await inStep(next);
    isAlone(true);
    await cutOff(old);
    await sleep(lagMs);
    await old.kill();
    isAlone(false);
    await sleep(NOTICED_MS);
    await this.#sentinel.failover();
    await this.#promoted(next);
    this.#returned = this.#comeBack(old, next);
    // Its failure is told by the next failover, which waits for it.
    this.#returned.catch(() => {});
  }

  /** Nobody comes back any more. */
  close(): void {
    this.#isClosed = true;
  }

  #promoted(next: PrivateRedis): Promise<void> {
    const isPromoted = async (): Promise<boolean> =>
      (await this.findMaster()) === next && (await tells(next, 'role:master'));
    return until(isPromoted, STEP_MS, 'Sentinel does not promote the replica.');
  }

  async #comeBack(old: PrivateRedis, next: PrivateRedis): Promise<void> {
    if (this.#isClosed) return;
    await old.startAs({ replicaof: `${next.host} ${String(next.port)}` });
    await inStep(old);
  }
}

/** The master serves everybody but its replica from now on, until it is started again: what is written is not replicated. */
async function cutOff(master: PrivateRedis): Promise<void> {
  await master.command('ACL', 'SETUSER', 'default', '-psync', '-sync');
  await master.command('CLIENT', 'KILL', 'TYPE', 'replica');
}
