import { type Proxy, startProxy } from './start-proxy.ts';

/** What carries the connections of one shard's clients has this in front of its name. */
const CLIENTS = 'client-';

/**
 * A proxy of several processes: each shard's clients have one of their own, all other links share one. A connection takes
 * two sockets of its process, and systems allow a process some ten thousand.
 *
 * @param shards - there are never more. Their processes start now: to start one takes a processor for a while, which is not to
 *   be the while in which a shard comes
 */
export function startProxies(shards: number): Pick<Proxy, 'link' | 'close'> {
  const processes = new Map<string, Proxy>();
  const unused = Array.from({ length: shards + 1 }, () => startProxy());
  return {
    link(name, target) {
      const group = name.startsWith(CLIENTS) ? name : '';
      const process = processes.get(group) ?? unused.pop() ?? startProxy();
      processes.set(group, process);
      return process.link(name, target);
    },
    async close() {
      await Promise.all([...processes.values(), ...unused].map((process) => process.close()));
    },
  };
}
