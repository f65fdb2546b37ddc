import { afterEach, describe, expect, it } from '@jest/globals';
import type { LogEntry, LogKey } from '@flotilla-im/store';
import { MessageFrame } from '../../../services/im/src/delivery/message-frame.ts';
import type { FrameRun } from '../../../services/im/src/delivery/frame-run.ts';
import { type EdgeHarness, startEdge } from './edge-harness.ts';
import { eventually, nextEvent } from './eventually.ts';
import { createFakeCore, type FakeCoreOptions } from './fake-core.ts';

let edge: EdgeHarness | null = null;

afterEach(async () => {
  await edge?.close();
  edge = null;
});

const INBOX: LogKey = { kind: 'inbox', id: 'alice' };

function entry(offset: number, data: string, format: 'json' | 'text' = 'json'): LogEntry {
  const generation = '0123456789ab';
  return {
    messageId: `m${offset}`,
    from: 'bob',
    format,
    data,
    excludeSender: false,
    generation,
    offset,
    at: 5,
    head: `"id":"m${offset}","from":"bob"`,
  };
}

function run(frames: MessageFrame[]): FrameRun {
  return { frames, v1: () => Buffer.alloc(0), plain: () => Buffer.alloc(0) };
}

async function setup(options: FakeCoreOptions = {}, limits: Record<string, number> = {}) {
  const core = createFakeCore(options);
  const started = await startEdge(() => core, { limits });
  edge = started;
  const connect = async (more: Parameters<EdgeHarness['client']>[0] = {}) => {
    const token = await started.token();
    const client = started.client({ auth: { token }, ...more });
    await nextEvent(client, 'connect');
    const session = core.sessions.at(-1)!;
    return { client, session };
  };
  return { core, edge: started, connect };
}

describe.each([
  ['long polling', { transports: ['polling'] }],
  ['WebSocket', { transports: ['websocket'] }],
  ['polling, then WebSocket, on the path of the shard', { path: '/s/0/socket.io/' }],
])('an unmodified Socket.IO client over %s', (_name, transport) => {
  it('is welcomed, gets messages in order as events, and live ones', async () => {
    const { connect } = await setup();
    const { client, session } = await connect(transport);
    const got: unknown[][] = [];
    client.on('message', (...args: unknown[]) => got.push(args));
    const live = nextEvent(client, 'live');
    const frames = [1, 2, 3].map((offset) => new MessageFrame(INBOX, entry(offset, `{"n":${offset}}`), false));
    session.transport.deliver(run([frames[0]!]));
    session.transport.flush();
    session.transport.deliver(run(frames.slice(1)));
    session.transport.deliver(
      run([new MessageFrame({ kind: 'channel', id: 'news "☃"' }, entry(9, 'hé\u2028"', 'text'), true)]),
    );
    session.transport.flush();
    await expect(live).resolves.toEqual(['hé\u2028"', { id: 'm9', from: 'bob', channel: 'news "☃"' }]);
    expect(got).toEqual(
      [1, 2, 3].map((n) => [{ n }, { id: `m${n}`, from: 'bob', at: 5, position: `0123456789ab.${n}` }]),
    );
    await eventually(() => expect(session.transport.backlogBytes()).toBe(0));
    expect(session.drains).toBeGreaterThan(0);
  });

  it('is told what the core refuses in connect_error, with the code and the wait', async () => {
    const { edge } = await setup({
      onResume: ({ transport }) => transport.close(4408, { reason: 'too_many_connections', retryAfterMs: 900 }),
    });
    const client = edge.client({ auth: { token: await edge.token() }, ...transport });
    const [error] = await nextEvent(client, 'connect_error');
    expect(error).toMatchObject({ data: { code: 'too_many_connections', retryAfterMs: 900 } });
  });

  it('makes requests by events and hears their outcome in the acknowledgement', async () => {
    const { connect } = await setup({
      onRequest: ({ transport }, { id }) => {
        transport.tell({ type: 'reply', re: id, ok: true, messageId: 'm1' });
        transport.flush();
      },
    });
    const { client, session } = await connect(transport);
    await expect(client.emitWithAck('send', { to: 'bob', data: { a: 1 } })).resolves.toEqual({
      ok: true,
      messageId: 'm1',
    });
    await client.emitWithAck('publish', { channel: 'news', data: 'x', live: true, id: 'mine' });
    await client.emitWithAck('upstream', [1, null]);
    await client.emitWithAck('subscribe', 'news');
    await client.emitWithAck('unsubscribe', 'news');
    expect(session.requests).toEqual([
      { type: 'send', id: expect.any(String), to: 'bob', data: { a: 1 } },
      { type: 'publish', id: 'mine', channel: 'news', data: 'x', live: true },
      { type: 'upstream', id: expect.any(String), data: [1, null] },
      { type: 'subscribe', id: expect.any(String), channel: 'news' },
      { type: 'unsubscribe', id: expect.any(String), channel: 'news' },
    ]);
  });

  it('gets what is queued before it is closed', async () => {
    const { connect } = await setup();
    const { client, session } = await connect(transport);
    const heard: string[] = [];
    client.onAny((name: string) => heard.push(name));
    const gone = nextEvent(client, 'disconnect');
    session.transport.deliver(run([1, 2].map((n) => new MessageFrame(INBOX, entry(n, '1'), false))));
    session.transport.close(1012, { reason: 'draining' });
    await gone;
    expect(heard.filter((name) => name !== 'welcome')).toEqual(['message', 'message', 'bye']);
  });

  it('hears a bye, and comes again by itself only when it should', async () => {
    const { connect } = await setup();
    const again = await connect(transport);
    const bye = nextEvent(again.client, 'bye');
    const gone = nextEvent(again.client, 'disconnect');
    again.session.transport.close(1012, { reason: 'draining' });
    await expect(bye).resolves.toEqual([{ code: 1012, reason: 'draining' }]);
    expect((await gone)[0]).toBe('transport close');
    await eventually(() => expect(again.session.closedWith).toEqual([1012]));

    const ended = await connect(transport);
    const end = nextEvent(ended.client, 'disconnect');
    ended.session.transport.close(4500, { reason: 'signed in elsewhere' });
    expect((await end)[0]).toBe('io server disconnect');
    await eventually(() => expect(ended.session.closedWith).toEqual([4500]));
  });
});

describe('a Socket.IO connection', () => {
  it('confirms what was written before a ping by its pong', async () => {
    const { connect } = await setup({}, { heartbeatMs: 150, heartbeatTimeoutMs: 15_000 });
    const { session } = await connect({ transports: ['websocket'] });
    session.nextMark = 7;
    await eventually(() => expect(session.confirmed).toContain(7));
    expect(session.closedWith).toEqual([]);
  });

  it('is closed when it answers a ping that never was', async () => {
    const { connect } = await setup();
    const { client, session } = await connect({ transports: ['websocket'] });
    const bye = nextEvent(client, 'bye');
    (client.io.engine.transport as unknown as { ws: { send(text: string): void } }).ws.send('3');
    await expect(bye).resolves.toEqual([expect.objectContaining({ code: 4504, reason: 'bad_frame' })]);
    await eventually(() => expect(session.closedWith).toEqual([4504]));
  });

  it('brings positions in its auth, and acknowledges by an event', async () => {
    const { edge, core } = await setup();
    const auth = { token: await edge.token(), inbox: '0123456789ab.5', channels: { news: '0123456789ab.2' } };
    const client = edge.client({ auth });
    await nextEvent(client, 'connect');
    const session = core.sessions[0]!;
    expect(session.resumed).toEqual([
      {
        inbox: { generation: '0123456789ab', offset: 5 },
        channels: { news: { generation: '0123456789ab', offset: 2 } },
      },
    ]);
    client.emit('ack', { inbox: '0123456789ab.6' });
    await eventually(() =>
      expect(session.acknowledged).toEqual([{ inbox: { generation: '0123456789ab', offset: 6 } }]),
    );
  });

  it('that says goodbye is told apart from one that vanished', async () => {
    const { connect } = await setup();
    const polite = await connect({ transports: ['websocket'] });
    polite.client.disconnect();
    await eventually(() => expect(polite.session.closedWith).toEqual([1000]));
    const lost = await connect({ transports: ['websocket'] });
    (lost.client.io.engine.transport as unknown as { ws: { terminate(): void } }).ws.terminate();
    await eventually(() => expect(lost.session.closedWith).toEqual([1006]));
  });

  it.each([
    ['no token', {}, 'token_missing'],
    ['no JWT', { token: 'abc' }, 'token_malformed'],
    ['a token that is no text', { token: { a: 1 } }, 'token_malformed'],
    ['a malformed position', { inbox: 'yesterday' }, 'bad_position'],
    ['channels that are no object', { channels: [1] }, 'bad_frame'],
  ])('with %s is refused', async (_name, auth, code) => {
    const { edge, core } = await setup();
    const client = edge.client({ auth });
    const [error] = await nextEvent(client, 'connect_error');
    expect(error).toMatchObject({ data: { code } });
    expect(core.sessions).toEqual([]);
    expect(await edge.metric(`refused_total{code="${code}"}`)).toMatch(/ 1$/u);
  });

  it.each([
    ['an unknown event', ['dance', 1], 'bad_frame'],
    ['an event named like a property of every object', ['toString', 1], 'bad_frame'],
    ['a send without receiver', ['send', { data: 1 }], 'bad_client_id'],
    ['a send without data', ['send', { to: 'bob' }], 'bad_data'],
    ['a send that is no object', ['send', 'bob'], 'bad_frame'],
    ['a reserved channel', ['subscribe', '$broadcast'], 'reserved_channel'],
    ['a malformed position', ['ack', { inbox: '1' }], 'bad_position'],
  ])('that emits %s stays open and is told why', async (_name, event, code) => {
    const { connect } = await setup();
    const { client } = await connect({ transports: ['websocket'] });
    const [name, ...args] = event as [string, unknown];
    await expect(client.emitWithAck(name, ...args)).resolves.toMatchObject({ ok: false, code });
    const told = nextEvent(client, 'error');
    client.emit(name, ...args);
    await expect(told).resolves.toEqual([expect.objectContaining({ code })]);
    expect(client.connected).toBe(true);
  });

  it('that sends binary data is closed with 4504', async () => {
    const { connect } = await setup();
    const { client } = await connect({ transports: ['websocket'] });
    const bye = nextEvent(client, 'bye');
    client.emit('send', { to: 'bob', data: Buffer.from('x') });
    await expect(bye).resolves.toEqual([expect.objectContaining({ code: 4504, reason: 'bad_frame' })]);
  });

  it('that sends what is no Socket.IO packet is closed with 4504', async () => {
    const { connect } = await setup();
    const { client } = await connect({ transports: ['websocket'] });
    const bye = nextEvent(client, 'bye');
    (client.io.engine as unknown as { write(text: string): void }).write('9not a packet');
    await expect(bye).resolves.toEqual([expect.objectContaining({ code: 4504 })]);
  });

  it.each([['polling'], ['websocket']])('that sends a frame beyond the limit over %s is cut off', async (transport) => {
    const { connect } = await setup({}, { frameBytes: 2_048, dataBytes: 1_024 });
    const { client, session } = await connect({ transports: [transport] });
    const gone = nextEvent(client, 'disconnect');
    client.emit('upstream', 'x'.repeat(3_000));
    await gone;
    await eventually(() => expect(session.closedWith).toEqual([1006]));
    expect(session.requests).toEqual([]);
  });

  it('that sends too fast is told and closed with 4409', async () => {
    const { connect } = await setup();
    const { client, session } = await connect({ transports: ['websocket'] });
    session.isPatient = false;
    const bye = nextEvent(client, 'bye');
    client.emit('upstream', 1);
    await expect(bye).resolves.toEqual([{ code: 4409, reason: 'rate_limited' }]);
    expect(session.requests).toEqual([]);
  });
});
