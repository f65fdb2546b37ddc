import { describe, expect, test } from '@jest/globals';
import { type ClientEvent, partitionOf, type Store, type StreamItem } from '@flotilla-im/store';
import type { Suite } from '../suite.ts';

/** Events for everybody who looks on. */
export const tailSuite: Suite = (backend) => {
  describe('events to every process', () => {
    const gap = (clientId: string, at = 1): ClientEvent => ({ type: 'gap', clientId, channel: null, at });
    const tell = (store: Store, ...events: ClientEvent[]) =>
      events.reduce((before, event) => before.then(() => store.events.append('presence', event)), Promise.resolve());
    const events = (items: readonly StreamItem[]) => items.map(({ event }) => event);

    test('it begins now, and each event comes once, in order', async () => {
      const store = await backend().createStore();
      await tell(store, gap('alice'));
      const start = await store.events.tail('presence', null);
      expect(start.items).toEqual([]);
      await tell(store, gap('alice', 2), gap('alice', 3));
      const first = await store.events.tail('presence', start.position);
      expect(events(first.items)).toEqual([gap('alice', 2), gap('alice', 3)]);
      expect((await store.events.tail('presence', first.position)).items).toEqual([]);
    });

    test('two processes both see everything', async () => {
      const store = await backend().createStore();
      const [one, two] = await Promise.all([store.events.tail('presence', null), store.events.tail('presence', null)]);
      await tell(store, gap('alice'), gap('bob'));
      for (const { position } of [one, two]) {
        const { items } = await store.events.tail('presence', position);
        expect(events(items)).toHaveLength(2);
      }
    });

    test('looking at some partitions leaves the others where they were', async () => {
      const store = await backend().createStore();
      const { position } = await store.events.tail('presence', null);
      await tell(store, gap('alice'), gap('bob'));
      const some = await store.events.tail('presence', position, [partitionOf('bob')]);
      expect(events(some.items)).toEqual([gap('bob')]);
      const rest = await store.events.tail('presence', some.position);
      expect(events(rest.items)).toEqual([gap('alice')]);
    });

    test('a stream keeps the newest of a partition, within its bound', async () => {
      const store = await backend().createStore({ state: { streams: { presence: 100 } } });
      for (let at = 1; at <= 400; at++) await tell(store, gap('alice', at));
      const { items } = await store.events.tail('presence', {});
      expect(items.length).toBeGreaterThanOrEqual(100);
      expect(items.length).toBeLessThanOrEqual(200);
      expect(items.at(-1)?.event).toEqual(gap('alice', 400));
    });
  });
};
