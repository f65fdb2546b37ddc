import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import type { Figure } from '../observer/verdict.ts';
import type { System } from '../system/system.ts';

/** What must be gone once nobody is connected, by the kind in the names of its keys (`sdk/store/src/keys.ts`). */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['p', 'presence of clients'],
  ['x', 'clients of incarnations'],
  ['g', 'clients in their grace'],
  ['on', 'clients online'],
]);
const KEY = /^fl1:[^:]+:\{[^}]*\}:([a-z]+)/u;
/** Lease, grace and a sweep are over by then. */
const WITHIN_MS = 20_000;
const LOOK_MS = 500;
const SCAN_COUNT = '5000';

/** Keys that clients who are gone have left in Redis, once they had their time to expire. Nothing is told of a Redis behind Sentinel. */
export async function lookForLeftovers({ redis }: System): Promise<readonly Figure[]> {
  if (redis.topology !== 'single') return [];
  const client = new Redis(redis.url);
  client.on('error', () => undefined);
  try {
    const beganMs = performance.now();
    for (;;) {
      const counts = await countKinds(client);
      const isOver = performance.now() - beganMs > WITHIN_MS;
      if (isOver || [...counts.values()].every((count) => count === 0)) return figuresOf(counts);
      await sleep(LOOK_MS);
    }
  } finally {
    client.disconnect();
  }
}

async function countKinds(client: Redis): Promise<ReadonlyMap<string, number>> {
  const counts = new Map([...KINDS.keys()].map((kind) => [kind, 0]));
  for (let cursor = '0', isFirst = true; isFirst || cursor !== '0'; isFirst = false) {
    const [next, keys] = await client.scan(cursor, 'COUNT', SCAN_COUNT);
    cursor = next;
    for (const key of keys) {
      const kind = KEY.exec(key)?.[1] ?? '';
      const count = counts.get(kind);
      if (count !== undefined) counts.set(kind, count + 1);
    }
  }
  return counts;
}

function figuresOf(counts: ReadonlyMap<string, number>): Figure[] {
  return [...counts].map(([kind, value]) => {
    return { phase: 'end', name: `keys left in Redis: ${KINDS.get(kind) ?? kind}`, value, most: 0, unit: '' };
  });
}
