import { describe, expect, test } from '@jest/globals';
import { partitionOf, type Notify } from '@flotilla-im/store';
import { eventually } from '../../support/eventually.ts';
import { connect, connectRequest, disconnect } from '../arrivals.ts';
import type { Suite } from '../suite.ts';

/** Disconnects and grants reach open connections. */
export const controlSuite: Suite = (backend) => {
  describe('what business changes for a client', () => {
    async function setup() {
      const store = await backend().createStore();
      const heard: Notify[] = [];
      const handlers = { notify: (notify: Notify) => heard.push(notify), connected: () => {}, disconnected: () => {} };
      await store.notify.subscribe(3, handlers);
      return { store, heard };
    }

    const toldOf = (clientId: string, tail: number) => ({
      ...{ type: 'client', partition: partitionOf(clientId), tail, clientId },
    });

    test('a disconnect names all connections and tells each shard once', async () => {
      const { store, heard } = await setup();
      const connections = [
        await connect(store, 'alice', { shard: 3 }),
        await connect(store, 'alice', { shard: 3 }),
        await connect(store, 'alice', { shard: 4 }),
      ].map(({ connection }) => connection);
      expect(await store.presence.requestDisconnect('alice', { reason: 'signed in elsewhere' })).toBe(3);
      await eventually(() => expect(heard).toEqual([toldOf('alice', 1)]));
      const { disconnects } = await store.presence.refresh('alice');
      expect(disconnects.map(({ connection }) => connection).sort()).toEqual(connections.sort());
      for (const { reason, atMs } of disconnects) {
        expect(reason).toBe('signed in elsewhere');
        expect(atMs).toBeGreaterThan(0);
      }
      expect((await store.logs.tails(4)).numbers[partitionOf('alice')]).toBe(1);
    });

    test('a disconnect can name one connection, and is gone with it', async () => {
      const { store } = await setup();
      const { connection } = await connect(store, 'alice');
      await connect(store, 'alice');
      expect(await store.presence.requestDisconnect('alice', { reason: 'one', connection: 'unknown' })).toBe(0);
      expect(await store.presence.requestDisconnect('alice', { reason: 'one', connection })).toBe(1);
      expect((await store.presence.refresh('alice')).disconnects).toMatchObject([{ connection }]);
      await disconnect(store, 'alice', connection);
      expect((await store.presence.refresh('alice')).disconnects).toEqual([]);
    });

    test('a disconnect follows a connection that is moving', async () => {
      const { store } = await setup();
      const { connection } = await connect(store, 'alice');
      await store.presence.requestDisconnect('alice', { reason: 'out' });
      const moved = connectRequest('alice', { continues: connection });
      expect(await store.presence.connect(moved)).toEqual({ outcome: 'refused', why: 'token_revoked' });
    });

    test('nobody is disconnected who is not there', async () => {
      const { store } = await setup();
      expect(await store.presence.requestDisconnect('nobody', { reason: 'x' })).toBe(0);
      expect((await connect(store, 'nobody')).state.disconnects).toEqual([]);
    });

    test('grants reach open connections, and can be taken back', async () => {
      const { store, heard } = await setup();
      await connect(store, 'alice', { shard: 3 });
      await store.presence.setGrants('alice', { send: ['bob'], upstream: true });
      await eventually(() => expect(heard).toEqual([toldOf('alice', 1)]));
      const { grants, grantsAtMs } = await store.presence.refresh('alice');
      expect(grants).toEqual({ send: ['bob'], upstream: true });
      expect(grantsAtMs).toBeGreaterThan(0);
      await store.presence.setGrants('alice', null);
      await eventually(() => expect(heard).toHaveLength(2));
      expect(await store.presence.refresh('alice')).toMatchObject({ grantsAtMs: 0 });
      expect(await store.presence.refresh('alice')).not.toHaveProperty('grants');
    });
  });
};
