import { describe, expect, test } from '@jest/globals';
import type { Store } from '@flotilla-im/store';
import { connect, disconnect } from '../arrivals.ts';
import type { Suite } from '../suite.ts';

async function pages(store: Store): Promise<string[][]> {
  const found: string[][] = [];
  let cursor: string | null = null;
  do {
    const { clientIds, next }: Awaited<ReturnType<Store['presence']['list']>> = await store.presence.list(cursor);
    found.push(clientIds);
    cursor = next;
  } while (cursor !== null);
  return found;
}

/** Who is online. */
export const onlineListSuite: Suite = (backend) => {
  describe('the online list', () => {
    test('it is empty, in one page, when nobody is online', async () => {
      const store = await backend().createStore();
      expect(await pages(store)).toEqual([[]]);
    });

    test('everybody is on it, in pages of some hundred', async () => {
      const store = await backend().createStore();
      const clients = Array.from({ length: 1_300 }, (_, i) => `client-${i}`);
      await Promise.all(clients.map((clientId) => connect(store, clientId)));
      const found = await pages(store);
      expect(new Set(found.flat())).toEqual(new Set(clients));
      expect(found.length).toBeGreaterThan(2);
      for (const page of found) expect(page.length).toBeLessThanOrEqual(1_000);
    });

    test('who is online throughout is not missed while others come and go', async () => {
      const store = await backend().createStore();
      const steady = Array.from({ length: 700 }, (_, i) => `steady-${i}`);
      await Promise.all(steady.map((clientId) => connect(store, clientId)));
      const found = new Set<string>();
      let cursor: string | null = null;
      let round = 0;
      do {
        const { clientIds, next }: Awaited<ReturnType<Store['presence']['list']>> = await store.presence.list(cursor);
        for (const clientId of clientIds) found.add(clientId);
        round += 1;
        const passing = await Promise.all(
          Array.from({ length: 200 }, async (_, i) => {
            const clientId = `passing-${round}-${i}`;
            return { clientId, ...(await connect(store, clientId)) };
          }),
        );
        await Promise.all(
          passing.slice(100).map(({ clientId, connection }) => disconnect(store, clientId, connection)),
        );
        cursor = next;
      } while (cursor !== null && round < 50);
      expect(steady.filter((clientId) => !found.has(clientId))).toEqual([]);
    });

    test('a check of many answers in the order of the question, repeated names included', async () => {
      const store = await backend().createStore();
      await connect(store, 'alice');
      await connect(store, 'carol');
      const asked = ['bob', 'alice', 'carol', 'alice', 'dave'];
      expect(await store.presence.isOnline(asked)).toEqual([false, true, true, true, false]);
      expect(await store.presence.isOnline([])).toEqual([]);
    });
  });
};
