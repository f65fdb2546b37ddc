import { describe, expect, test } from '@jest/globals';
import { partitionOf, type Notify, type Store } from '@flotilla-im/store';
import { eventually } from '../../support/eventually.ts';
import { append, connect, disconnect } from '../arrivals.ts';
import { channel, startOf } from '../given.ts';
import type { Suite } from '../suite.ts';

async function allChannels(store: Store) {
  const found = [];
  let cursor: string | null = null;
  do {
    const { channels, next }: Awaited<ReturnType<Store['channels']['list']>> = await store.channels.list(cursor);
    found.push(...channels);
    cursor = next;
  } while (cursor !== null);
  return found;
}

async function allMembers(store: Store, channel: string) {
  const found: string[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<Store['channels']['members']>> = await store.channels.members(channel, cursor);
    found.push(...page.clientIds);
    cursor = page.next;
  } while (cursor !== null);
  return [...new Set(found)];
}

/** Both sides of a membership, and who is told. */
export const membershipSuite: Suite = (backend) => {
  describe('channel membership', () => {
    test('joining is at the tail, and joining twice changes nothing', async () => {
      const store = await backend().createStore();
      const start = await startOf(store, channel('news'));
      expect(await store.channels.join('news', 'alice')).toEqual({ joined: true, position: start });
      const tail = await append(store, 'channel', 'news');
      expect(await store.channels.join('news', 'bob')).toEqual({ joined: true, position: tail });
      await append(store, 'channel', 'news');
      expect(await store.channels.join('news', 'bob')).toEqual({ joined: false, position: tail });
      expect(await store.channels.count('news')).toBe(2);
      expect((await allMembers(store, 'news')).sort()).toEqual(['alice', 'bob']);
      expect(await store.channels.isMember('news', 'bob')).toBe(true);
      expect(await store.channels.ofClient('bob')).toEqual(['news']);
    });

    test('a request that comes again changes nothing, whatever was asked for since', async () => {
      const store = await backend().createStore();
      expect(await store.channels.join('news', 'alice', 'r1')).toMatchObject({ joined: true });
      expect(await store.channels.join('news', 'alice', 'r1')).toMatchObject({ joined: false });
      expect(await store.channels.leave('news', 'alice', 'r2')).toBe(true);
      expect(await store.channels.join('news', 'alice', 'r1')).toMatchObject({ joined: false });
      expect(await store.channels.isMember('news', 'alice')).toBe(false);
      expect(await store.channels.join('news', 'bob', 'r1')).toMatchObject({ joined: true });
      expect(await store.channels.join('news', 'alice', 'r3')).toMatchObject({ joined: true });
      expect(await store.channels.leave('news', 'alice', 'r2')).toBe(false);
      expect(await store.channels.ofClient('alice')).toEqual(['news']);
      expect((await allMembers(store, 'news')).sort()).toEqual(['alice', 'bob']);
    });

    test('leaving takes it away on both sides, once; rejoining starts anew', async () => {
      const store = await backend().createStore();
      await store.channels.join('news', 'alice');
      const tail = await append(store, 'channel', 'news');
      expect(await store.channels.leave('news', 'alice')).toBe(true);
      expect(await store.channels.leave('news', 'alice')).toBe(false);
      expect(await store.channels.leave('unknown', 'nobody')).toBe(false);
      expect(await store.channels.count('news')).toBe(0);
      expect(await allMembers(store, 'news')).toEqual([]);
      expect(await allChannels(store)).toEqual([]);
      expect(await store.channels.ofClient('alice')).toEqual([]);
      expect(await store.channels.isMember('news', 'alice')).toBe(false);
      expect(await store.channels.join('news', 'alice')).toEqual({ joined: true, position: tail });
    });

    test('membership survives that connections close', async () => {
      const store = await backend().createStore();
      const { connection } = await connect(store, 'alice');
      await store.channels.join('news', 'alice');
      await disconnect(store, 'alice', connection);
      expect(await store.channels.ofClient('alice')).toEqual(['news']);
      expect((await connect(store, 'alice')).state.memberships).toMatchObject([{ channel: 'news', isConfirmed: true }]);
    });

    test('the shards of live connections are told, and only when something changed', async () => {
      const store = await backend().createStore();
      const heard: Notify[] = [];
      const handlers = { notify: (notify: Notify) => heard.push(notify), connected: () => {}, disconnected: () => {} };
      await store.notify.subscribe(6, handlers);
      await connect(store, 'alice', { shard: 6 });
      const partition = partitionOf('alice');
      await store.channels.join('news', 'alice');
      await store.channels.join('news', 'alice');
      await eventually(() => expect(heard).toEqual([{ type: 'client', partition, tail: 1, clientId: 'alice' }]));
      await store.channels.leave('news', 'alice');
      await store.channels.leave('news', 'alice');
      await eventually(() => expect(heard).toHaveLength(2));
      expect((await store.logs.tails(6)).numbers[partition]).toBe(2);
    });

    test('the list has all channels with their counts, in pages', async () => {
      const store = await backend().createStore();
      const names = Array.from({ length: 1_200 }, (_, i) => `channel-${i}`);
      await Promise.all(names.map((name) => store.channels.join(name, 'alice')));
      await Promise.all(names.slice(0, 10).map((name) => store.channels.join(name, 'bob')));
      const counts = new Map((await allChannels(store)).map(({ channel, members }) => [channel, members]));
      expect(counts.size).toBe(1_200);
      expect(names.map((name) => counts.get(name))).toEqual(names.map((_, i) => (i < 10 ? 2 : 1)));
    });

    test('members come in pages', async () => {
      const store = await backend().createStore();
      const clients = Array.from({ length: 1_100 }, (_, i) => `client-${i}`);
      await Promise.all(clients.map((clientId) => store.channels.join('news', clientId)));
      expect((await store.channels.members('news', null)).next).not.toBeNull();
      expect((await allMembers(store, 'news')).sort()).toEqual(clients.sort());
      expect(await store.channels.count('news')).toBe(1_100);
    });

    test('joining and leaving at the same time never lets the two sides differ', async () => {
      const store = await backend().createStore();
      const clients = ['alice', 'bob', 'carol'];
      for (let round = 0; round < 8; round++) {
        await Promise.all(
          clients.flatMap((clientId) =>
            Array.from({ length: 6 }, (_, i) => {
              const isJoin = (i + round) % 2 === 0;
              return isJoin ? store.channels.join('news', clientId) : store.channels.leave('news', clientId);
            }),
          ),
        );
        const isMember = await Promise.all(clients.map((clientId) => store.channels.isMember('news', clientId)));
        const believed = clients.filter((_, i) => isMember[i]);
        expect((await allMembers(store, 'news')).sort()).toEqual(believed);
        const listed = believed.length === 0 ? [] : [{ channel: 'news', members: believed.length }];
        expect(await allChannels(store)).toEqual(listed);
      }
    });

    test('reserved names are nobody’s to join or leave', async () => {
      const store = await backend().createStore();
      await expect(store.channels.join('$broadcast', 'alice')).rejects.toMatchObject({ code: 'reserved_channel' });
      await expect(store.channels.leave('$x', 'alice')).rejects.toMatchObject({ code: 'reserved_channel' });
    });

    test('unknown names are empty, not wrong', async () => {
      const store = await backend().createStore();
      expect(await store.channels.count('nothing')).toBe(0);
      expect(await store.channels.members('nothing', null)).toEqual({ clientIds: [], next: null });
      expect(await store.channels.ofClient('nobody')).toEqual([]);
      expect(await store.channels.list(null)).toEqual({ channels: [], next: null });
    });
  });
};
