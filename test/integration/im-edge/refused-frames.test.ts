import type { Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ShardOptions } from '../../../services/im/src/config/options.ts';
import { eventually } from './eventually.ts';
import { startTestShard, type Peer, type ShardHarness } from './shard-harness.ts';

let harness: ShardHarness | null = null;

afterEach(async () => {
  await harness?.close();
  harness = null;
});

async function setup(options: Omit<Partial<ShardOptions>, 'tokenKeys'> = {}): Promise<ShardHarness> {
  harness = await startTestShard(options);
  return harness;
}

/** A `flotilla.v1` peer that has been welcomed. */
async function welcomed({ peer, token }: ShardHarness, grants: object = {}, resume: object = {}): Promise<Peer> {
  const arrived = await peer({ protocol: 'flotilla.v1', token: await token({ grants }) });
  await arrived.opened;
  arrived.ws.send(JSON.stringify({ type: 'resume', ...resume }));
  await eventually(() => expect(arrived.frames()[0]).toMatchObject({ type: 'welcome' }));
  return arrived;
}

/** A client frame written by hand, masked with zeros. */
function frame(firstByte: number, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([firstByte, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

function rawSocket({ ws }: Peer): Socket {
  return (ws as unknown as { _socket: Socket })._socket;
}

describe('a frame of flotilla.v1', () => {
  it.each([
    ['that is binary', Buffer.from('{}'), 4504, 'bad_frame'],
    ['that is no JSON', 'hello', 4504, 'bad_frame'],
    ['that is no object', '[1]', 4504, 'bad_frame'],
    ['of an unknown type', '{"type":"dance"}', 4504, 'bad_frame'],
    ['with a malformed position', '{"type":"ack","inbox":"yesterday"}', 4504, 'bad_position'],
    ['resume, a second time', '{"type":"resume"}', 4504, 'bad_frame'],
    ['longer than the limit', JSON.stringify({ type: 'ping', pad: 'x'.repeat(200_000) }), 1009, 'frame_too_large'],
  ])('%s ends the connection', async (_name, text, code, reason) => {
    const peer = await welcomed(await setup());
    peer.ws.send(text);
    const end = await peer.closed;
    expect(end.code).toBe(code);
    expect(end.reason.startsWith(reason)).toBe(true);
    expect(peer.frames().at(-1)).toMatchObject({ type: 'bye', code, reason });
  });

  it.each([
    ['without its grant', { type: 'send', id: 'r', to: 'bob', data: 1 }, 'not_granted'],
    ['without data', { type: 'send', id: 'r', to: 'bob' }, 'bad_data'],
    ['to nobody', { type: 'send', id: 'r', to: '', data: 1 }, 'bad_client_id'],
    ['to a name with a lone surrogate', { type: 'send', id: 'r', to: '\ud800', data: 1 }, 'bad_client_id'],
    [
      'to too many',
      { type: 'send', id: 'r', to: Array.from({ length: 1_001 }, (_, i) => `c${i}`), data: 1 },
      'too_many_receivers',
    ],
    ['that is too large', { type: 'publish', id: 'r', channel: 'news', data: 'x'.repeat(70_000) }, 'data_too_large'],
    ['to an empty channel', { type: 'publish', id: 'r', channel: '', data: 1 }, 'bad_channel'],
    ['to a reserved channel', { type: 'subscribe', id: 'r', channel: '$broadcast' }, 'reserved_channel'],
  ])('that asks %s is answered, and the connection stays', async (_name, request, code) => {
    const peer = await welcomed(await setup());
    peer.ws.send(JSON.stringify(request));
    await eventually(() => expect(peer.frames().at(-1)).toMatchObject({ type: 'reply', re: 'r', ok: false, code }));
    expect(peer.ws.readyState).toBe(peer.ws.OPEN);
  });

  it.each([
    // Whoever got 99 messages of this very life of the log got the first one; a stranger's 99 say nothing.
    ['from the future', 'own.99', [2]],
    ['of an unknown generation', 'aaaaaaaaaaaa.1', [1, 2]],
  ])('resume with a position %s: recovered is false', async (_name, brought, data) => {
    const harness = await setup();
    const { flotilla } = harness;
    const sent = await flotilla.send({ from: null, to: 'alice', data: 1 });
    const outcome = sent.outcomes[0] as { position: string | { generation: string } };
    const generation =
      typeof outcome.position === 'string' ? outcome.position.split('.')[0] : outcome.position.generation;
    const inbox = brought.replace('own', String(generation));
    const peer = await welcomed(harness, {}, { inbox });
    expect(peer.frames()[0]).toMatchObject({ inbox: { recovered: false } });
    await flotilla.send({ from: null, to: 'alice', data: 2 });
    await eventually(() =>
      expect(peer.frames().flatMap((frame) => (frame['type'] === 'message' ? [frame['data']] : []))).toEqual(data),
    );
  });

  it('does not come for too long: 4404', async () => {
    const { peer } = await setup({ limits: { helloTimeoutMs: 200 } });
    expect((await (await peer({ protocol: 'flotilla.v1' })).closed).code).toBe(4404);
  });
});

describe('a frame of a plain WebSocket', () => {
  it('is ignored without the grant, whatever its text', async () => {
    const { peer, flotilla } = await setup();
    const { ws, opened, texts } = await peer();
    await opened;
    ws.send('{"type":"send"');
    await flotilla.send({ from: null, to: 'alice', data: 'after' });
    await eventually(() => expect(texts).toEqual(['"after"']));
  });

  it('that is binary: 1003', async () => {
    const { peer } = await setup();
    const { ws, opened, closed } = await peer();
    await opened;
    ws.send(Buffer.from('x'));
    expect((await closed).code).toBe(1003);
  });

  it('that is not UTF-8: 1007', async () => {
    const { peer } = await setup();
    const arrived = await peer();
    await arrived.opened;
    rawSocket(arrived).write(frame(0x81, Buffer.from([0xff, 0xfe])));
    expect(await arrived.closed).toEqual({ code: 1007, reason: 'not_utf8' });
  });

  it('longer than the limit: 1009', async () => {
    const { peer, metric } = await setup({ limits: { frameBytes: 2_048, dataBytes: 1_024 } });
    const { ws, opened, closed } = await peer();
    await opened;
    ws.send('x'.repeat(3_000));
    expect(await closed).toEqual({ code: 1009, reason: 'frame_too_large' });
    await eventually(async () => expect(await metric('closed_total{code="1009"}')).toMatch(/ 1$/u));
  });

  it('over the rate: 4409 with a time to come again', async () => {
    const { peer, metric } = await setup({ limits: { framesPerSecond: 1, frameBurst: 5 } });
    const { ws, opened, closed } = await peer();
    await opened;
    for (let i = 0; i < 20; i += 1) ws.send('x');
    expect(await closed).toMatchObject({
      code: 4409,
      reason: expect.stringMatching(/^rate_limited.* retry-after-ms=\d+$/u),
    });
    await eventually(async () => expect(await metric('closed_total{code="4409"}')).toMatch(/ 1$/u));
  });

  it('pong for what was never written: 4504', async () => {
    const { peer } = await setup();
    const { ws, opened, closed } = await peer();
    await opened;
    ws.pong('99');
    expect(await closed).toMatchObject({ code: 4504, reason: expect.stringMatching(/^bad_frame/u) });
  });

  it('pong that nobody asked for and that claims nothing is well', async () => {
    const { peer, flotilla } = await setup();
    const { ws, opened, texts } = await peer();
    await opened;
    ws.pong('');
    ws.pong('keep-alive');
    await flotilla.send({ from: null, to: 'alice', data: 1 });
    await eventually(() => expect(texts).toEqual(['1']));
  });
});
