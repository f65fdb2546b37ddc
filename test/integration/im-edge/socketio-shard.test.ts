import { afterEach, describe, expect, it } from '@jest/globals';
import type { Socket } from 'socket.io-client';
import type { ShardOptions } from '../../../services/im/src/config/options.ts';
import { eventually, nextEvent } from './eventually.ts';
import { startTestShard, type ShardHarness } from './shard-harness.ts';

let harness: ShardHarness | null = null;

afterEach(async () => {
  await harness?.close();
  harness = null;
});

interface Heard {
  readonly client: Socket;
  readonly messages: unknown[][];
}

async function setup(options: Omit<Partial<ShardOptions>, 'tokenKeys'> = {}) {
  const started = await startTestShard(options);
  harness = started;
  /** Connects an unmodified client and keeps the data of its messages. */
  const listen = async (claims: object = {}, more: Parameters<ShardHarness['socketIo']>[0] = {}): Promise<Heard> => {
    const auth = { token: await started.token({ ...claims }), ...((more.auth as object | undefined) ?? {}) };
    const client = await started.socketIo({ ...more, auth });
    const messages: unknown[][] = [];
    client.on('message', (...args: unknown[]) => messages.push(args));
    await nextEvent(client, 'connect');
    return { client, messages };
  };
  return { ...started, listen };
}

describe.each([['polling'], ['websocket']] as const)('a Socket.IO client of a whole shard over %s', (transport) => {
  const more = { transports: [transport] };

  it('gets what was sent while it was away, then what comes, once and in order', async () => {
    const { flotilla, listen } = await setup();
    for (const n of [1, 2]) await flotilla.send({ from: 'bob', to: 'alice', data: { n } });
    const { messages } = await listen({}, more);
    for (const n of [3, 4]) await flotilla.send({ from: null, to: 'alice', data: { n } });
    await eventually(() => expect(messages.map(([data]) => data)).toEqual([1, 2, 3, 4].map((n) => ({ n }))));
    expect(messages[0]![1]).toEqual({
      id: expect.any(String),
      from: 'bob',
      at: expect.any(Number),
      position: expect.stringMatching(/^[0-9a-f]{12}\.1$/u),
    });
  });

  it('gets messages of its channels, broadcasts and live messages', async () => {
    const { flotilla, listen } = await setup();
    await flotilla.channels.join('news', ['alice']);
    const { client, messages } = await listen({}, more);
    const live = nextEvent(client, 'live');
    await flotilla.send({ from: 'bob', to: 'alice', data: 'typing', live: true });
    await expect(live).resolves.toEqual(['typing', { id: expect.any(String), from: 'bob' }]);
    await flotilla.channels.publish('news', { from: null, data: 'headline' });
    await flotilla.broadcast({ from: null, data: 'notice' });
    await eventually(() => expect(messages).toHaveLength(2));
    expect(messages.map(([data, meta]) => [data, (meta as { channel: string }).channel])).toEqual([
      ['headline', 'news'],
      ['notice', '$broadcast'],
    ]);
  });

  it('sends, publishes, joins and goes upstream by its grants, and is refused without', async () => {
    const { flotilla, listen } = await setup();
    const grants = { send: ['bob'], publish: ['news'], subscribe: ['news'], upstream: true };
    const bob = await listen({ sub: 'bob' }, more);
    const { client, messages } = await listen({ grants }, more);
    await expect(client.emitWithAck('send', { to: 'bob', data: 1 })).resolves.toMatchObject({
      ok: true,
      messageId: expect.any(String),
    });
    await eventually(() => expect(bob.messages.map(([data]) => data)).toEqual([1]));
    await expect(client.emitWithAck('send', { to: 'carol', data: 1 })).resolves.toMatchObject({
      ok: false,
      code: 'not_granted',
    });
    const joined = nextEvent(client, 'joined');
    await expect(client.emitWithAck('subscribe', 'news')).resolves.toMatchObject({ ok: true });
    await expect(joined).resolves.toEqual([{ channel: 'news', position: expect.any(String) }]);
    await expect(client.emitWithAck('publish', { channel: 'news', data: 'x' })).resolves.toMatchObject({ ok: true });
    const said = flotilla.upstream.frames({ group: 'g' })[Symbol.asyncIterator]();
    await expect(client.emitWithAck('upstream', { hello: 1 })).resolves.toMatchObject({ ok: true });
    const { value } = (await said.next()) as { value: { clientId: string; data: unknown } };
    expect(value).toMatchObject({ clientId: 'alice' });
    await said.return?.();
    await expect(client.emitWithAck('unsubscribe', 'news')).resolves.toMatchObject({ ok: true });
    expect(messages.length).toBeLessThanOrEqual(1);
  });

  it('has each event acknowledged, an ack of what it received too', async () => {
    const { flotilla, listen } = await setup();
    const { client, messages } = await listen({}, more);
    await flotilla.send({ from: null, to: 'alice', data: 1 });
    await eventually(() => expect(messages).toHaveLength(1));
    const [[, { position }]] = messages as [[unknown, { position: string }]];
    await expect(client.emitWithAck('ack', { inbox: position })).resolves.toEqual({ ok: true });
    await expect(client.emitWithAck('ack', { inbox: 'nowhere' })).resolves.toMatchObject({ ok: false });
  });

  it('is closed by the business for good, and knows why', async () => {
    const { flotilla, listen } = await setup();
    const { client } = await listen({}, more);
    const bye = nextEvent(client, 'bye');
    const gone = nextEvent(client, 'disconnect');
    expect(await flotilla.disconnect('alice', { reason: 'signed in elsewhere' })).toBe(1);
    await expect(bye).resolves.toEqual([expect.objectContaining({ code: 4500, reason: 'signed in elsewhere' })]);
    await expect(gone).resolves.toEqual(expect.arrayContaining(['io server disconnect']));
  });

  it('is told to come again when its shard drains', async () => {
    const { shard, listen } = await setup({ limits: { drainMs: 3_000 } });
    const { client } = await listen({}, more);
    const bye = nextEvent(client, 'bye');
    const gone = nextEvent(client, 'disconnect');
    await shard.drain();
    await expect(bye).resolves.toEqual([expect.objectContaining({ code: 1012, reason: 'draining' })]);
    expect((await gone)[0]).toMatch(/^transport (close|error)$/u);
  });
});

describe('a Socket.IO client that comes back', () => {
  it('gets again only what no pong confirmed', async () => {
    const { flotilla, listen } = await setup({ limits: { heartbeatMs: 200, heartbeatTimeoutMs: 15_000 } });
    await flotilla.send({ from: null, to: 'alice', data: 1 });
    const first = await listen({}, { transports: ['websocket'] });
    await eventually(() => expect(first.messages).toHaveLength(1));
    const engine = first.client.io.engine;
    for (let pings = 0; pings < 2; pings += 1) await nextEvent(engine, 'ping');
    const { ws } = engine.transport as unknown as { ws: { send: () => void; terminate(): void } };
    // From now on nothing that it says gets out, no pong either.
    ws.send = () => undefined;
    await flotilla.send({ from: null, to: 'alice', data: 2 });
    await eventually(() => expect(first.messages).toHaveLength(2));
    ws.terminate();
    const second = await listen();
    await flotilla.send({ from: null, to: 'alice', data: 3 });
    await eventually(() => expect(second.messages.map(([data]) => data)).toEqual([2, 3]));
  });

  it('with its position gets nothing twice, and knows when that cannot be told', async () => {
    const { flotilla, listen } = await setup();
    for (const n of [1, 2, 3]) await flotilla.send({ from: null, to: 'alice', data: n });
    const first = await listen();
    await eventually(() => expect(first.messages).toHaveLength(3));
    const { position } = first.messages[1]![1] as { position: string };
    const second = await listen({}, { auth: { inbox: position } });
    await eventually(() => expect(second.messages.map(([data]) => data)).toEqual([3]));
    const client = await (harness as ShardHarness).socketIo({
      auth: { token: await (harness as ShardHarness).token(), inbox: 'aaaaaaaaaaaa.7' },
    });
    const [welcome] = await nextEvent(client, 'welcome');
    expect(welcome).toMatchObject({ clientId: 'alice', inbox: { recovered: false } });
  });
});

describe('presence of a Socket.IO client', () => {
  it('begins with CONNECT and ends at once with its goodbye', async () => {
    const { flotilla, listen } = await setup();
    const { client } = await listen();
    expect(await flotilla.presence.online(['alice'])).toEqual([true]);
    client.disconnect();
    await eventually(async () => expect(await flotilla.presence.online(['alice'])).toEqual([false]));
  });

  it('outlives a lost connection by the grace', async () => {
    const { flotilla, listen } = await setup({ limits: { reconnectGraceMs: 60_000 } });
    const { client } = await listen({}, { transports: ['websocket'] });
    (client.io.engine.transport as unknown as { ws: { terminate(): void } }).ws.terminate();
    await eventually(async () =>
      expect(await (harness as ShardHarness).metric('connections{protocol="socketio"}')).toMatch(/ 0$/u),
    );
    expect(await flotilla.presence.online(['alice'])).toEqual([true]);
  });
});
