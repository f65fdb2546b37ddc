import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { connect, type Connection, type ConnectionState } from '@flotilla-im/client';
import { type Pods, startPods, until, untilAsync } from '../im-core/pods.ts';

const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** What an application has been told. */
interface Told {
  readonly connection: Connection;
  readonly inbox: unknown[];
  readonly news: unknown[];
  readonly live: unknown[];
  readonly states: ConnectionState['type'][];
  readonly oddities: unknown[];
}

describe.each(['memory', 'redis'] as const)('the client on real pods (%s)', (store) => {
  let pods: Pods;
  const connections: Connection[] = [];
  beforeEach(async () => {
    // A drain that has time enough: what cuts a move short on a machine that stalls is not looked at here.
    pods = await startPods({ count: 3, store, limits: { drainMs: 25_000 } });
  });
  afterEach(async () => {
    await Promise.all(connections.splice(0).map((connection) => connection.close()));
    await pods.close();
  });

  async function setup(clientId: string): Promise<Told> {
    const grants = { send: true, publish: true, subscribe: true, upstream: true } as const;
    const connection = connect({ address: () => pods.im.connectInfo(clientId, { grants }), backoffBaseMs: 20 });
    connections.push(connection);
    const told: Told = { connection, inbox: [], news: [], live: [], states: [], oddities: [] };
    connection.on('message', ({ channel, data }) => (channel === null ? told.inbox : told.news).push(data));
    connection.on('live', ({ data }) => told.live.push(data));
    connection.on('state', ({ type }) => told.states.push(type));
    for (const type of ['gap', 'left', 'error'] as const)
      connection.on(type, (what) => told.oddities.push([type, what]));
    await until(() => connection.state.type === 'connected');
    return told;
  }

  /** Resolves when the client has moved: one connection, and that shard's. */
  const servedBy = (shard: number, clientId: string): Promise<void> =>
    untilAsync(async () => {
      const all = await pods.store.presence.connections(clientId);
      return all.length === 1 && all[0]?.shard === shard;
    });

  it('gets what was sent while it was away, talks, joins and leaves', async () => {
    await pods.im.send({ from: null, to: 'alice', data: 1 });
    const [alice, bob] = [await setup('alice'), await setup('bob')];
    await until(() => alice.inbox.length === 1);
    await alice.connection.subscribe('news');
    await until(() => alice.connection.channels.includes('news'));
    const { messageId } = await bob.connection.publish({ channel: 'news', data: 'extra' });
    expect(messageId).not.toBe('');
    await bob.connection.send({ to: ['alice'], data: 2 });
    await bob.connection.send({ to: 'alice', data: 'typing', live: true });
    await until(() => alice.news.length === 1 && alice.inbox.length === 2 && alice.live.length === 1);
    await alice.connection.unsubscribe('news');
    await until(() => !alice.connection.channels.includes('news'));
    await expect(bob.connection.send({ to: 'x'.repeat(129), data: 1 })).rejects.toMatchObject({
      code: 'bad_client_id',
    });
  });

  it('notices nothing of moves under load: each message once and in order, each request done once and in order', async () => {
    const [alice, bob] = [await setup('alice'), await setup('bob')];
    await pods.im.channels.join('news', ['alice', 'bob']);
    const sending: Promise<unknown>[] = [];
    const load = async (): Promise<void> => {
      for (const i of upTo(150)) {
        sending.push(bob.connection.send({ to: 'alice', data: i }));
        await pods.im.channels.publish('news', { from: null, data: i });
        await pause(4);
      }
    };
    const moves = async (): Promise<void> => {
      for (const owner of [0, 1, 2, 1, 0]) {
        await pods.publish({ owner });
        await servedBy(owner, 'alice');
        await servedBy(owner, 'bob');
      }
    };
    await Promise.all([load(), moves()]);
    await Promise.all(sending);
    await until(() => alice.inbox.length >= 150 && alice.news.length >= 150 && bob.news.length >= 150);
    await pause(200);
    expect([alice.inbox, alice.news, bob.news]).toEqual([upTo(150), upTo(150), upTo(150)]);
    expect([alice.states, bob.states]).toEqual([
      ['connecting', 'connected'],
      ['connecting', 'connected'],
    ]);
    expect([alice.oddities, bob.oddities]).toEqual([[], []]);
  });

  it('notices nothing of a pod that leaves', async () => {
    await pods.publish({ owner: 0 });
    const alice = await setup('alice');
    const draining = pods.publish({ owner: 1, away: [0] }).then(() => pods.pods[0]?.drain());
    for (const i of upTo(60)) {
      await pods.im.send({ from: null, to: 'alice', data: i });
      await pause(5);
    }
    await draining;
    await servedBy(1, 'alice');
    await until(() => alice.inbox.length >= 60);
    expect(alice.inbox).toEqual(upTo(60));
    expect(alice.states).toEqual(['connecting', 'connected']);
    expect(alice.oddities).toEqual([]);
  });

  it('comes back after its pod was killed, loses nothing, and repeats what had no answer without doing it twice', async () => {
    await pods.publish({ owner: 0 });
    const [alice, bob] = [await setup('alice'), await setup('bob')];
    const sending = upTo(100).map((i) => bob.connection.send({ to: 'alice', data: i }));
    await until(() => alice.inbox.length > 5);
    await pods.publish({ owner: 1, away: [0] });
    await pods.pods[0]?.kill();
    await Promise.all(sending);
    await until(() => alice.inbox.length >= 100);
    await until(() => alice.connection.state.type === 'connected');
    await pause(100);
    expect(alice.inbox).toEqual(upTo(100));
    expect(alice.connection.state).toEqual({ type: 'connected', recovered: true });
    expect(alice.oddities).toEqual([]);
  });

  it('ends when the business disconnects it, with the reason', async () => {
    const alice = await setup('alice');
    await pods.im.disconnect('alice', { reason: 'signed in elsewhere' });
    await until(() => alice.connection.state.type === 'closed');
    expect(alice.connection.state).toEqual({ type: 'closed', code: 4500, reason: 'signed in elsewhere' });
  });
});
