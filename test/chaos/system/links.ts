import type { Link } from '../proxy/link.ts';
import type { Proxy } from '../proxy/start-proxy.ts';
import type { RedisPlace } from './redis/redis-place.ts';

/** The links of a system, by name. */
export interface Links {
  /** @throws RangeError when there is none of this name */
  get(name: string): Link;
  /** Opens one to a shard's port. */
  toShard(name: string, port: number): Promise<Link>;
  /** Opens one to Redis; resolves to the URL that leads through it. */
  toRedis(name: string): Promise<string>;
}

/** No link at first. */
export function createLinks(proxy: Pick<Proxy, 'link'>, redis: RedisPlace): Links {
  const links = new Map<string, Link>();
  return {
    get(name) {
      const link = links.get(name);
      if (link === undefined)
        throw new RangeError(`There is no link ${name}; there are ${[...links.keys()].join(', ')}.`);
      return link;
    },
    async toShard(name, port) {
      const link = await proxy.link(name, { port });
      links.set(name, link);
      return link;
    },
    async toRedis(name) {
      const link = await openToRedis(name, proxy, redis);
      links.set(name, link);
      return redis.urlAt(link.port);
    },
  };
}

/**
 * No link at all: everybody dials everybody else itself, and nothing between them can misbehave. What a link costs, two sockets
 * a connection and every byte twice more through a process, is left out where a run has no use for it.
 */
export function createDirectLinks(redis: RedisPlace): Links {
  const none = (name: string) => (): Promise<never> =>
    Promise.reject(new RangeError(`There is no link ${name}: this system has none.`));
  return {
    get(name) {
      throw new RangeError(`There is no link ${name}: this system has none.`);
    },
    toShard: (name, port) => Promise.resolve({ name, port, behave: none(name), reset: none(name) }),
    toRedis: () => Promise.resolve(redis.urlAt(redis.sentinelPort ?? redis.ports[0] ?? 0)),
  };
}

/**
 * To Redis itself; behind Sentinel one to it and one to each Redis, which behave as one. The Sentinel is heard to name the
 * ports of these, so that whoever asks it stays within the link.
 */
async function openToRedis(name: string, proxy: Pick<Proxy, 'link'>, redis: RedisPlace): Promise<Link> {
  if (redis.sentinelPort === null) {
    const [port = 0] = redis.ports;
    return proxy.link(name, { port, speaks: 'redis' });
  }
  const ways = await Promise.all(
    redis.ports.map((port, i) => proxy.link(`${name}/${String(i)}`, { port, speaks: 'redis' })),
  );
  const renamed = redis.ports.map((port, i) => [String(port), String(ways[i]?.port)] as const);
  const sentinel = await proxy.link(name, { port: redis.sentinelPort, speaks: 'redis', renamed });
  return together(sentinel, ways);
}

function together(first: Link, others: readonly Link[]): Link {
  const all = [first, ...others];
  return {
    name: first.name,
    port: first.port,
    async behave(behaviour) {
      await Promise.all(all.map((link) => link.behave(behaviour)));
    },
    async reset() {
      const counts = await Promise.all(all.map((link) => link.reset()));
      return counts.reduce((sum, count) => sum + count, 0);
    },
  };
}
