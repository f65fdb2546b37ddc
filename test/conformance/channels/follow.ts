import { describe, expect, test } from '@jest/globals';
import { LOG_START, type Position } from '@flotilla-im/protocol';
import { type LogSlice, partitionOf, type Store } from '@flotilla-im/store';
import { append } from '../arrivals.ts';
import type { Suite } from '../suite.ts';

/** A shard begins to hear of a channel, and a member gets what is its own. */
export const followSuite: Suite = (backend) => {
  describe('following a channel', () => {
    async function follow(store: Store, member: string | null, after: Position | null): Promise<LogSlice> {
      const slice = await store.channels.follow('news', 2, 'first-life', member, after);
      if (typeof slice === 'string') throw new Error(slice);
      return slice;
    }
    const offsets = ({ entries }: LogSlice) => entries.map(({ offset }) => offset);
    const told = async (store: Store) => (await store.logs.tails(2)).numbers[partitionOf('news')];

    test('from then on the shard hears of every message, and before not', async () => {
      const store = await backend().createStore();
      await append(store, 'channel', 'news');
      expect(await told(store)).toBe(0);
      const slice = await follow(store, null, null);
      expect(slice).toMatchObject({ entries: [], start: { offset: 1 }, recovered: true });
      await append(store, 'channel', 'news');
      expect(await told(store)).toBe(1);
      await store.channels.unfollow('news', 2, 'first-life');
      await append(store, 'channel', 'news');
      expect(await told(store)).toBe(1);
    });

    test('everybody may follow the broadcast channel', async () => {
      const store = await backend().createStore();
      await append(store, 'channel', '$broadcast');
      const slice = await store.channels.follow('$broadcast', 2, 'first-life', null, LOG_START);
      expect(slice).toMatchObject({ entries: [{ offset: 1 }] });
    });

    test('a member goes on from its position', async () => {
      const store = await backend().createStore();
      await store.channels.join('news', 'alice');
      const first = await append(store, 'channel', 'news');
      await append(store, 'channel', 'news');
      const slice = await follow(store, 'alice', first);
      expect(slice).toMatchObject({ start: first, recovered: true });
      expect(offsets(slice)).toEqual([2]);
    });

    test('nothing from before the join is read, whatever position is brought', async () => {
      const store = await backend().createStore();
      const early = await append(store, 'channel', 'news');
      const { position } = await append(store, 'channel', 'news').then(() => store.channels.join('news', 'alice'));
      await append(store, 'channel', 'news');
      const slice = await follow(store, 'alice', early);
      expect(slice).toMatchObject({ start: position, recovered: true });
      expect(offsets(slice)).toEqual([3]);
      const unknown = await follow(store, 'alice', { generation: 'ffffffffffff', offset: 1 });
      expect(unknown).toMatchObject({ start: position, recovered: false });
      expect(offsets(unknown)).toEqual([3]);
      expect(offsets(await follow(store, 'alice', LOG_START))).toEqual([3]);
    });

    test('who is no member, or no more, is told so, and no interest is written for it', async () => {
      const store = await backend().createStore();
      expect(await store.channels.follow('news', 2, 'first-life', 'alice', null)).toBe('not_member');
      await store.channels.join('news', 'alice');
      await store.channels.leave('news', 'alice');
      expect(await store.channels.follow('news', 2, 'first-life', 'alice', null)).toBe('not_member');
      await append(store, 'channel', 'news');
      expect(await told(store)).toBe(0);
    });

    test('messages that the log has dropped are not recovered', async () => {
      const store = await backend().createStore({ logs: { maxCount: 2 } });
      await store.channels.join('news', 'alice');
      const first = await append(store, 'channel', 'news');
      for (let i = 0; i < 3; i++) await append(store, 'channel', 'news');
      const slice = await follow(store, 'alice', first);
      expect(slice.recovered).toBe(false);
      expect(offsets(slice)).toEqual([3, 4]);
    });

    test('no message between the follow and its page is lost', async () => {
      const store = await backend().createStore();
      const appends = Array.from({ length: 40 }, () => append(store, 'channel', 'news'));
      const slice = await follow(store, null, LOG_START);
      await Promise.all(appends);
      expect(offsets(slice).length + ((await told(store)) ?? 0)).toBe(40);
    });
  });
};
