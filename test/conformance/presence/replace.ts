import { describe, expect, test } from '@jest/globals';
import { partitionOf, REPLACED_REASON } from '@flotilla-im/store';
import { connect, connectRequest, disconnect } from '../arrivals.ts';
import type { Suite } from '../suite.ts';

/** A connection that closes the older ones. */
export const replaceSuite: Suite = (backend) => {
  describe('replacing connections', () => {
    test('the older connections are named, recorded as to be closed, and their shards count it', async () => {
      const store = await backend().createStore();
      const old = await connect(store, 'alice', { shard: 4 });
      const young = await connect(store, 'alice', { shard: 5, replace: true });
      expect(young.replaced).toMatchObject([{ connection: old.connection, shard: 4 }]);
      const { disconnects } = await store.presence.refresh('alice');
      expect(disconnects).toMatchObject([{ connection: old.connection, reason: REPLACED_REASON }]);
      expect((await store.logs.tails(4)).numbers[partitionOf('alice')]).toBe(1);
      expect((await store.logs.tails(5)).numbers[partitionOf('alice')]).toBe(0);
    });

    test('connections on their way out leave room', async () => {
      const store = await backend().createStore();
      await connect(store, 'alice');
      await connect(store, 'alice', { replace: true, maxConnections: 1 });
      const third = connectRequest('alice', { maxConnections: 2 });
      expect(await store.presence.connect(third)).toMatchObject({ outcome: 'connected' });
    });

    test('the record goes with the connection', async () => {
      const store = await backend().createStore();
      const old = await connect(store, 'alice');
      await connect(store, 'alice', { replace: true });
      await disconnect(store, 'alice', old.connection);
      expect((await store.presence.refresh('alice')).disconnects).toEqual([]);
      expect(await store.presence.isOnline(['alice'])).toEqual([true]);
    });

    test('a moved connection replaces nothing, not even the one it comes from', async () => {
      const store = await backend().createStore();
      const old = await connect(store, 'alice', { replace: true });
      const moved = await connect(store, 'alice', { replace: true, continues: old.connection });
      expect(moved.replaced).toEqual([]);
      expect(moved.state.disconnects).toEqual([]);
    });
  });
};
