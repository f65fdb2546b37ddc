import type { RedisHost } from '../network/redis-host.ts';

/** What of a world its stand-ins find by themselves: production code makes them. */
export interface Surrounding {
  readonly seed: number;
  readonly redis: RedisHost;
}

const held: { world: Surrounding | null } = { world: null };

/** The world in which code runs now. */
export function currentWorld(): Surrounding {
  if (held.world === null) throw new Error('there is no world');
  return held.world;
}

/** Another world begins; null: none. */
export function enterWorld(world: Surrounding | null): void {
  held.world = world;
}
