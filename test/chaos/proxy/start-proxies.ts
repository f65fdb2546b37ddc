import { type Proxy, startProxy } from './start-proxy.ts';

/** What carries the connections of one shard's clients has this in front of its name. */
const CLIENTS = 'client-';

/**
 * A proxy of several processes: each shard's clients have one of their own, all other links share one. A connection takes
 * two sockets of its process, and systems allow a process some ten thousand.
 */
export function startProxies(): Pick<Proxy, 'link' | 'close'> {
  const processes = new Map<string, Proxy>();
  return {
    link(name, target) {
      const group = name.startsWith(CLIENTS) ? name : '';
      const process = processes.get(group) ?? startProxy();
      processes.set(group, process);
      return process.link(name, target);
    },
    async close() {
      await Promise.all([...processes.values()].map((process) => process.close()));
    },
  };
}
