import { findPort, type PortProbe } from '../ports.ts';

/** Where shards are to listen. */
export interface ShardPortWish {
  /** Shard n wants this + n. */
  readonly first: number;
  /** Whether only that one will do. */
  readonly isFixed: boolean;
}

/**
 * Deals ports to shards: a shard that comes back gets its old one, and no two get the same.
 *
 * @returns rejects with a `Problem` when the one asked for is in use, or none in reach is free
 */
export function createShardPorts(
  { first, isFixed }: ShardPortWish,
  isFree: PortProbe,
): (id: number) => Promise<number> {
  const ports = new Map<number, number>();
  return async (id) => {
    const wanted = ports.get(id) ?? first + id;
    const taken = new Set([...ports].filter(([other]) => other !== id).map(([, port]) => port));
    const wish = { first: wanted, isFixed, taken, who: `Shard ${id}`, option: '--shard-port' };
    const port = await findPort(wish, isFree);
    ports.set(id, port);
    return port;
  };
}
