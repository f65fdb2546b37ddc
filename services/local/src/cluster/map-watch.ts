import type { ShardMap } from '@flotilla-im/protocol';
import type { Lease, Store } from '@flotilla-im/store';

/** Follows the shard map as its readers see it. */
export interface MapWatch {
  /** The newest map seen; null before the first. */
  current(): ShardMap | null;
  /** Resolves with the first map, the current one included, of which this is true; null when the time is up. */
  until(isRight: (map: ShardMap) => boolean, timeoutMs: number): Promise<ShardMap | null>;
  /** What the shards said of themselves last. */
  leases(): Promise<readonly Lease[]>;
  close(): Promise<void>;
}

/** What the watcher tells. */
export interface MapWatchHandlers {
  readonly changed: (before: ShardMap | null, after: ShardMap) => void;
  /** The store stopped answering, or answers again. */
  readonly health: (isHealthy: boolean) => void;
}

const POLL_MS = 150;

/** Watches until it is closed. A store that does not answer is waited for. */
export function watchMap(store: Pick<Store, 'map' | 'leases' | 'health'>, handlers: MapWatchHandlers): MapWatch {
  let current: ShardMap | null = null;
  let isHealthy = true;
  const waiting = new Set<(map: ShardMap) => void>();
  const end = new AbortController();
  const look = async (): Promise<void> => {
    const map = await store.map.read().catch(() => null);
    if (store.health().isHealthy !== isHealthy) {
      isHealthy = !isHealthy;
      handlers.health(isHealthy);
    }
    // A store that was emptied gets the same map again: only a newer one is news.
    if (map === null || map.epoch <= (current?.epoch ?? -1)) return;
    const before = current;
    current = map;
    handlers.changed(before, map);
    for (const check of waiting) check(map);
  };
  const finished = poll(look, end.signal);
  return {
    current: () => current,
    until(isRight, timeoutMs) {
      if (current !== null && isRight(current)) return Promise.resolve(current);
      return new Promise((resolve) => {
        const settle = (map: ShardMap | null): void => {
          clearTimeout(timer);
          waiting.delete(check);
          resolve(map);
        };
        const check = (map: ShardMap): void => {
          if (isRight(map)) settle(map);
        };
        const timer = setTimeout(() => settle(null), timeoutMs);
        waiting.add(check);
      });
    },
    leases: () => store.leases.list(),
    async close() {
      end.abort();
      await finished;
    },
  };
}

async function poll(look: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await look();
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, POLL_MS);
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      }
      signal.addEventListener('abort', done, { once: true });
    });
  }
}
