import { describe, expect, test } from '@jest/globals';
import { type ClientEvent, partitionOf, type Store } from '@flotilla-im/store';
import type { Suite } from '../suite.ts';

/** What was accepted is not dropped, so what has no room is refused. */
export const upstreamSuite: Suite = (backend) => {
  describe('what clients say to the business', () => {
    function frame(id: string, clientId = 'alice'): ClientEvent {
      const from = { clientId, connection: 'c', device: 'phone', metadata: { ip: '::1' } };
      return { type: 'frame', ...from, id, data: '{"a":"🚢"}', format: 'json', at: 17 };
    }
    const all = async (store: Store) => (await store.events.tail('upstream', {})).items.map(({ event }) => event);

    test('a frame arrives as it was', async () => {
      const store = await backend().createStore();
      await store.events.append('upstream', frame('1'));
      expect(await all(store)).toEqual([frame('1')]);
    });

    test('the same id of the same client is kept once', async () => {
      const store = await backend().createStore();
      await store.events.append('upstream', frame('1'));
      await store.events.append('upstream', frame('1'));
      await store.events.append('upstream', frame('1', 'bob'));
      expect(await all(store)).toHaveLength(2);
    });

    test('a full stream refuses what comes, and takes it once a group has made room', async () => {
      const store = await backend().createStore({ state: { streams: { upstream: 3 } } });
      const leases = await store.events.lease('upstream', 'calls', 'one', 60_000);
      for (const id of ['1', '2', '3']) await store.events.append('upstream', frame(id));
      const refused = store.events.append('upstream', frame('4'));
      await expect(refused).rejects.toMatchObject({ code: 'busy', retryable: true });
      const lease = leases.find(({ partition }) => partition === partitionOf('alice'));
      if (lease === undefined) throw new Error('the partition is not leased');
      const [oldest] = await store.events.read(lease, 1);
      await store.events.ack(lease, oldest?.id ?? '');
      await store.events.append('upstream', frame('4'));
      const left = await store.events.read(lease, 10);
      expect(left.map(({ event }) => (event.type === 'frame' ? event.id : ''))).toEqual(['2', '3', '4']);
    });

    test('what one group has not acknowledged waits for it, also when another has', async () => {
      const store = await backend().createStore({ state: { streams: { upstream: 2 } } });
      await store.events.lease('upstream', 'slow', 'one', 60_000);
      const leases = await store.events.lease('upstream', 'quick', 'one', 60_000);
      for (const id of ['1', '2']) await store.events.append('upstream', frame(id));
      const lease = leases.find(({ partition }) => partition === partitionOf('alice'));
      if (lease === undefined) throw new Error('the partition is not leased');
      const items = await store.events.read(lease, 10);
      await store.events.ack(lease, items.at(-1)?.id ?? '');
      await expect(store.events.append('upstream', frame('3'))).rejects.toMatchObject({ code: 'busy' });
      expect(await store.events.backlog('upstream', 'slow')).toBe(2);
    });

    test('a group that is forgotten leaves its room to the others, without waiting for their next acknowledgement', async () => {
      const store = await backend().createStore({ state: { streams: { upstream: 3 } } });
      await store.events.lease('upstream', 'dead', 'one', 60_000);
      const leases = await store.events.lease('upstream', 'living', 'one', 60_000);
      for (const id of ['1', '2', '3']) await store.events.append('upstream', frame(id));
      const lease = leases.find(({ partition }) => partition === partitionOf('alice'));
      if (lease === undefined) throw new Error('the partition is not leased');
      const [, second] = await store.events.read(lease, 10);
      await store.events.ack(lease, second?.id ?? '');
      await expect(store.events.append('upstream', frame('4'))).rejects.toMatchObject({ code: 'busy' });
      await store.events.forget('upstream', 'dead');
      await store.events.append('upstream', frame('4'));
      expect(await all(store)).toEqual([frame('3'), frame('4')]);
      expect(await store.events.backlog('upstream', 'living')).toBe(2);
    });

    test('forgetting the last group drops nothing of what nobody took', async () => {
      const store = await backend().createStore();
      await store.events.lease('upstream', 'calls', 'one', 60_000);
      await store.events.append('upstream', frame('1'));
      await store.events.forget('upstream', 'calls');
      expect(await all(store)).toEqual([frame('1')]);
    });

    test('without any group the newest are there for those who only look on', async () => {
      const store = await backend().createStore({ state: { streams: { upstream: 2 } } });
      for (const id of ['1', '2']) await store.events.append('upstream', frame(id));
      await expect(store.events.append('upstream', frame('3'))).rejects.toMatchObject({ code: 'busy' });
      const { position } = await store.events.tail('upstream', null);
      await store.events.append('upstream', frame('3'));
      expect((await store.events.tail('upstream', position)).items).toMatchObject([{ event: { id: '3' } }]);
    });
  });
};
