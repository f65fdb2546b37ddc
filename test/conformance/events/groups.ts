import { describe, expect, test } from '@jest/globals';
import { partitionOf, type PartitionLease, type Store, type StreamItem } from '@flotilla-im/store';
import type { Suite } from '../suite.ts';

/** Each event is seen by one consumer of each group until it is acknowledged. */
export const groupsSuite: Suite = (backend) => {
  describe('consumer groups', () => {
    const say = (store: Store, id: string) =>
      store.events.append('upstream', {
        ...({
          type: 'frame',
          clientId: 'alice',
          connection: 'c',
          device: null,
          id,
          data: '1',
          format: 'json',
          at: 1,
        } as const),
      });
    const leaseOfAlice = (leases: readonly PartitionLease[]): PartitionLease => {
      const found = leases.find(({ partition }) => partition === partitionOf('alice'));
      if (found === undefined) throw new Error('the partition is not leased');
      return found;
    };
    async function take(store: Store, group: string, consumer = 'one', ttlMs = 60_000): Promise<PartitionLease> {
      return leaseOfAlice(await store.events.lease('upstream', group, consumer, ttlMs));
    }
    const ids = (items: readonly StreamItem[]) => items.map(({ event }) => (event.type === 'frame' ? event.id : ''));

    test('a new group begins with all that the stream holds, in order', async () => {
      const store = await backend().createStore();
      for (const id of ['a', 'b', 'c']) await say(store, id);
      const lease = await take(store, 'calls');
      expect(ids(await store.events.read(lease, 10))).toEqual(['a', 'b', 'c']);
      expect(ids(await store.events.read(lease, 2))).toEqual(['a', 'b']);
    });

    test('what is acknowledged is not read again, and all before it neither', async () => {
      const store = await backend().createStore();
      for (const id of ['a', 'b', 'c']) await say(store, id);
      const lease = await take(store, 'calls');
      const [, second] = await store.events.read(lease, 10);
      expect(await store.events.ack(lease, second?.id ?? '')).toBe(true);
      const rest = await store.events.read(lease, 10);
      expect(ids(rest)).toEqual(['c']);
      expect(await store.events.ack(lease, rest[0]?.id ?? '')).toBe(true);
      expect(await store.events.read(lease, 10)).toEqual([]);
    });

    test('each group sees everything for itself', async () => {
      const store = await backend().createStore();
      const first = await take(store, 'first');
      const second = await take(store, 'second');
      await say(store, 'a');
      const [item] = await store.events.read(first, 10);
      await store.events.ack(first, item?.id ?? '');
      expect(ids(await store.events.read(second, 10))).toEqual(['a']);
      expect(await store.events.backlog('upstream', 'first')).toBe(0);
      expect(await store.events.backlog('upstream', 'second')).toBe(1);
    });

    test('an item that fails is tried again, counted, and can be put aside', async () => {
      const store = await backend().createStore();
      await say(store, 'bad');
      await say(store, 'good');
      const lease = await take(store, 'calls');
      expect((await store.events.read(lease, 10)).map(({ attempt }) => attempt)).toEqual([1, 1]);
      expect((await store.events.read(lease, 10)).map(({ attempt }) => attempt)).toEqual([2, 1]);
      const [bad] = await store.events.read(lease, 10);
      if (bad === undefined) throw new Error('nothing was read');
      expect(bad.attempt).toBe(3);
      expect(await store.events.deadLetter(lease, bad, 'it cannot be')).toBe(true);
      expect(await store.events.deadLetters('upstream', 'calls', 10)).toEqual([{ item: bad, error: 'it cannot be' }]);
      const next = await store.events.read(lease, 10);
      expect(ids(next)).toEqual(['good']);
      expect(next[0]?.attempt).toBe(1);
    });

    test('a consumer that lost its lease reads and acknowledges nothing', async () => {
      const store = await backend().createStore();
      await say(store, 'a');
      const old = await take(store, 'calls', 'one', 1);
      const [item] = await store.events.read(old, 10);
      await new Promise((resolve) => setTimeout(resolve, 5));
      const young = await take(store, 'calls', 'two');
      if (item === undefined) throw new Error('nothing was read');
      expect(await store.events.read(old, 10)).toEqual([]);
      expect(await store.events.ack(old, item.id)).toBe(false);
      expect(await store.events.deadLetter(old, item, 'x')).toBe(false);
      const again = await store.events.read(young, 10);
      expect(ids(again)).toEqual(['a']);
      expect(again[0]?.attempt).toBe(2);
      expect(await store.events.ack(young, item.id)).toBe(true);
    });

    test('a lease that nobody took meanwhile is the same one after it lapsed', async () => {
      const store = await backend().createStore();
      const before = await take(store, 'calls', 'one', 1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(await take(store, 'calls', 'one')).toEqual(before);
    });

    test('a backlog is counted over all partitions', async () => {
      const store = await backend().createStore();
      await store.events.lease('presence', 'mailer', 'one', 60_000);
      for (let i = 0; i < 20; i++) {
        await store.events.append('presence', { type: 'gap', clientId: `client-${i}`, channel: null, at: 1 });
      }
      expect(await store.events.backlog('presence', 'mailer')).toBe(20);
      const [lease] = (await store.events.lease('presence', 'mailer', 'one', 60_000)).filter(
        ({ partition }) => partition === partitionOf('client-3'),
      );
      if (lease === undefined) throw new Error('the partition is not leased');
      const items = await store.events.read(lease, 10);
      await store.events.ack(lease, items.at(-1)?.id ?? '');
      expect(await store.events.backlog('presence', 'mailer')).toBe(20 - items.length);
    });

    test('a forgotten group has nothing left, and begins anew', async () => {
      const store = await backend().createStore();
      const lease = await take(store, 'calls');
      await say(store, 'a');
      const [item] = await store.events.read(lease, 10);
      if (item === undefined) throw new Error('nothing was read');
      await store.events.deadLetter(lease, item, 'x');
      await store.events.forget('upstream', 'calls');
      expect(await store.events.deadLetters('upstream', 'calls', 10)).toEqual([]);
      await say(store, 'b');
      expect(ids(await store.events.read(await take(store, 'calls', 'two'), 10))).toEqual(['b']);
    });
  });
};
