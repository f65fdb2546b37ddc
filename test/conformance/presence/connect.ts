import { describe, expect, test } from '@jest/globals';
import { append, connect, connectRequest } from '../arrivals.ts';
import type { Suite } from '../suite.ts';

/** What a client gets when it comes, and what it is refused. */
export const connectSuite: Suite = (backend) => {
  describe('connect', () => {
    test('a new client is first, belongs to nothing and stands at the start of its inbox', async () => {
      const store = await backend().createStore();
      const before = Date.now();
      const result = await connect(store, 'alice', { shard: 3, device: 'phone' });
      expect(result).toMatchObject({ isFirst: true, replaced: [], channelCursors: {} });
      const { life } = result.state;
      expect(result.state).toEqual({ life, memberships: [], refusedUntilMs: 0, disconnects: [], grantsAtMs: 0 });
      expect(result.inbox).toEqual({
        meta: { generations: [], last: 0, head: 1, life },
        entries: [],
        start: { generation: life, offset: 0 },
        recovered: true,
      });
      const { connection, since } = result;
      expect(Math.abs(since - before)).toBeLessThan(5_000);
      const entry = { connection, shard: 3, incarnation: 'first-life', device: 'phone', since };
      expect(await store.presence.connections('alice')).toEqual([entry]);
    });

    test('what was sent while it was away comes with the connect, as it is stored', async () => {
      const store = await backend().createStore();
      await append(store, 'inbox', 'alice', { text: 'one' });
      const second = await append(store, 'inbox', 'alice', { text: 'two' });
      const { inbox } = await connect(store, 'alice');
      expect(inbox.entries.map(({ data }) => data)).toEqual(['"one"', '"two"']);
      expect(inbox.entries.at(-1)).toMatchObject(second);
      expect(inbox.recovered).toBe(true);
    });

    test('a first page is bounded', async () => {
      const store = await backend().createStore({ state: { pageEntries: 3 } });
      for (let i = 0; i < 5; i++) await append(store, 'inbox', 'alice');
      expect((await connect(store, 'alice')).inbox.entries).toHaveLength(3);
    });

    test('it is told from which of its channels and with which grants to go on', async () => {
      const store = await backend().createStore();
      const { position } = await store.channels.join('news', 'alice');
      await store.presence.setGrants('alice', { upstream: true });
      const { state } = await connect(store, 'alice');
      expect(state.memberships).toEqual([{ channel: 'news', joinedAt: position, isConfirmed: true }]);
      expect(state.grants).toEqual({ upstream: true });
      expect(state.grantsAtMs).toBeGreaterThan(0);
    });

    test('a token is good once, but for the connection that spent it', async () => {
      const store = await backend().createStore();
      const request = connectRequest('alice');
      expect(await store.presence.connect(request)).toMatchObject({ outcome: 'connected', isFirst: true });
      const other = { ...request, connection: 'another' };
      expect(await store.presence.connect(other)).toEqual({ outcome: 'refused', why: 'token_used' });
      expect(await store.presence.connect(request)).toMatchObject({ outcome: 'connected' });
      expect(await store.presence.connections('alice')).toHaveLength(1);
    });

    test('tokens issued until a revocation are refused, later ones are not', async () => {
      const store = await backend().createStore();
      const early = connectRequest('alice', {
        token: { id: 't', issuedAtMs: Date.now(), expiresAtMs: Date.now() },
      });
      await store.presence.requestDisconnect('alice', { reason: 'stolen', refuseTokensBefore: true });
      expect(await store.presence.connect(early)).toEqual({ outcome: 'refused', why: 'token_revoked' });
      const { state } = await connect(store, 'alice', {
        token: { id: 'later', issuedAtMs: Date.now() + 1, expiresAtMs: Date.now() + 9_000 },
      });
      expect(state.refusedUntilMs).toBeGreaterThan(0);
    });

    test('more connections than allowed are refused, and the token stays good', async () => {
      const store = await backend().createStore();
      const { connection } = await connect(store, 'alice');
      await connect(store, 'alice');
      const third = connectRequest('alice', { maxConnections: 2 });
      expect(await store.presence.connect(third)).toEqual({ outcome: 'refused', why: 'too_many_connections' });
      const gone = { clientId: 'alice', connection, incarnation: 'first-life', graceMs: 0, reason: '' };
      await store.presence.disconnect(gone);
      expect(await store.presence.connect(third)).toMatchObject({ outcome: 'connected', isFirst: false });
    });

    test('one that arrives after its own end is refused, so that nobody is left of whom no shard knows', async () => {
      const store = await backend().createStore();
      const late = connectRequest('alice');
      const { connection, incarnation, token } = late;
      const end = {
        clientId: 'alice',
        connection,
        incarnation,
        graceMs: 0,
        reason: '',
        token: token.id,
        isDoubtful: true,
      };
      expect(await store.presence.disconnect(end)).toBe('disconnected');
      expect(await store.presence.connect(late)).toEqual({ outcome: 'refused', why: 'token_used' });
      expect(await store.presence.connections('alice')).toEqual([]);
      expect(await store.presence.isOnline(['alice'])).toEqual([false]);
    });

    test('a connection that continues another does not count twice', async () => {
      const store = await backend().createStore();
      const { connection } = await connect(store, 'alice');
      const moved = connectRequest('alice', { maxConnections: 1, continues: connection, shard: 1 });
      expect(await store.presence.connect(moved)).toMatchObject({ outcome: 'connected', isFirst: false });
    });

    test('any text is a clientId, a device or metadata, whatever Redis or Lua think of it', async () => {
      const store = await backend().createStore();
      const clientId = '\u0000%s|{x}\n🚢"\\';
      const device = 'a|b\n c';
      await append(store, 'inbox', clientId);
      const metadata = JSON.stringify({ note: '%d "quoted" 🚢\n' });
      const { inbox } = await connect(store, clientId, { device, metadata });
      expect(inbox.entries).toHaveLength(1);
      expect(await store.presence.connections(clientId)).toMatchObject([{ device }]);
      expect(await store.presence.list(null)).toEqual({ clientIds: [clientId], next: null });
      const { items } = await store.events.tail('presence', {});
      expect(items[0]?.event).toMatchObject({ clientId, device, metadata: JSON.parse(metadata) as unknown });
    });
  });
};
