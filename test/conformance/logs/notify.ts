import { describe, expect, it } from '@jest/globals';
import { encodeEntry, partitionOf } from '@flotilla-im/store';
import { eventually } from '../../support/eventually.ts';
import type { Backend } from '../backends.ts';
import type { Suite } from '../suite.ts';
import { append, channel, connectClient, inbox, listenAs, message } from '../given.ts';

async function setup(backend: Backend) {
  const store = await backend.createStore();
  const shards = await Promise.all([0, 1, 2].map((shard) => listenAs(store, shard)));
  const [zero, one, two] = shards;
  if (!zero || !one || !two) throw new Error('three shards were meant');
  return { store, zero, one, two };
}

/** Those shards hear of a message that hold a connection of its receiver, each once, with its tail number. */
export const notifySuite: Suite = (backend) => {
  describe('an append', () => {
    it('is told to each shard that holds a connection of the client, and to no other', async () => {
      const { store, zero, one, two } = await setup(backend());
      for (const shard of [0, 2, 2]) await connectClient(store, 'älice 🚀', shard);
      const before = await Promise.all([0, 2].map(async (shard) => (await store.logs.tails(shard)).numbers));
      const said = { data: '{"text":"🚀"}', from: 'bób' };
      const { position, at, online } = await append(store, inbox('älice 🚀'), said);
      const partition = partitionOf('älice 🚀');
      await eventually(() => {
        for (const [i, heard] of [zero, two].entries()) {
          expect(heard.items()).toEqual([
            {
              partition,
              tail: (before[i]?.[partition] ?? 0) + 1,
              log: inbox('älice 🚀'),
              entry: expect.objectContaining({ ...said, ...position, at }),
            },
          ]);
        }
      });
      expect(online).toBe(true);
      expect(one.notifies).toEqual([]);
    });

    it('to a channel is told to each shard that follows it', async () => {
      const { store, one } = await setup(backend());
      await store.channels.follow('$broadcast', 1, 'life-of-1', null, null);
      await append(store, channel('$broadcast'));
      await eventually(() => expect(one.items()).toMatchObject([{ log: channel('$broadcast'), entry: { offset: 1 } }]));
    });

    it('hands its routes back instead, where many receivers share one notify', async () => {
      const { store, zero, one } = await setup(backend());
      for (const [clientId, shard] of [
        ['alice', 0],
        ['bob', 0],
        ['carol', 1],
      ] as const) {
        await connectClient(store, clientId, shard);
      }
      const entry = encodeEntry(message({ messageId: 'shared' }));
      const items: Record<number, Parameters<typeof store.notify.publishMany>[1][number][]> = { 0: [], 1: [] };
      for (const clientId of ['alice', 'bob', 'carol', 'nobody']) {
        const log = inbox(clientId);
        const { position, at, routes } = await store.logs.append({ log, entry, notify: 'return' });
        const read = await store.logs.read(log, null);
        const own = read.entries[0];
        if (own === undefined) throw new Error('the message is not in the log');
        expect(own).toMatchObject({ ...position, at });
        for (const { shard, tail } of routes)
          items[shard]?.push({ partition: partitionOf(clientId), tail, log, entry: own });
      }
      for (const shard of [0, 1]) await store.notify.publishMany(shard, items[shard] ?? []);
      await eventually(() => {
        expect(zero.notifies.filter(({ type }) => type === 'durable')).toEqual([{ type: 'durable', items: items[0] }]);
        expect(one.notifies.filter(({ type }) => type === 'durable')).toEqual([{ type: 'durable', items: items[1] }]);
      });
      expect(items[0]?.length).toBe(2);
    });

    it('counts up a tail that only grows, shard by shard and partition by partition', async () => {
      const { store } = await setup(backend());
      await connectClient(store, 'alice', 0);
      const partition = partitionOf('alice');
      const tails: number[] = [];
      for (let i = 0; i < 4; i++) {
        await append(store, inbox('alice'));
        tails.push((await store.logs.tails(0)).numbers[partition] ?? 0);
      }
      expect(tails).toEqual([0, 1, 2, 3].map((i) => (tails[0] ?? 0) + i));
      expect((await store.logs.tails(1)).numbers[partition]).toBe(0);
      const { numbers, lives } = await store.logs.tails(0);
      expect([numbers.length, lives.length]).toEqual([256, 256]);
    });

    it('is heard in order', async () => {
      const { store, one } = await setup(backend());
      await connectClient(store, 'alice', 1);
      await Promise.all(Array.from({ length: 300 }, () => append(store, inbox('alice'))));
      await eventually(() => expect(one.items()).toHaveLength(300));
      const offsets = one.items().map(({ entry }) => entry.offset);
      expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
    });
  });

  describe('a live message', () => {
    it('reaches the shards of who is there, and no log', async () => {
      const { store, two } = await setup(backend());
      await connectClient(store, 'alice', 2);
      const entry = encodeEntry(message({ data: '"typing"' }));
      expect(await store.logs.publishLive(inbox('alice'), entry)).toBe(true);
      await eventually(() => {
        expect(two.notifies).toMatchObject([
          { type: 'live', log: inbox('alice'), entry: { data: '"typing"', offset: 0, generation: '0' } },
        ]);
      });
      expect((await store.logs.meta(inbox('alice'))).last).toBe(0);
    });

    it('says when nobody is there', async () => {
      const { store } = await setup(backend());
      expect(await store.logs.publishLive(inbox('alice'), encodeEntry(message()))).toBe(false);
      expect(await store.logs.publishLive(channel('news'), encodeEntry(message()))).toBe(false);
    });
  });
};
