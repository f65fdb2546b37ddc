import { afterEach, describe, expect, it } from '@jest/globals';
import type { ShardOptions } from '../../../services/im/src/config/options.ts';
import { beat } from '../operator/operator-process.ts';
import { eventually } from './eventually.ts';
import { type Peer, startTestShard, type ShardHarness } from './shard-harness.ts';

let harness: ShardHarness | null = null;
const closing: (() => void)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) close();
  await harness?.close();
  harness = null;
});

async function setup(options: Omit<Partial<ShardOptions>, 'tokenKeys'> = {}): Promise<ShardHarness> {
  harness = await startTestShard(options);
  return harness;
}

/** Lets one client after the other arrive, and gives the first that is not served. How many are is a matter of the time that it takes. */
async function firstRefused({ peer, token, flotilla }: ShardHarness, protocol?: 'flotilla.v1'): Promise<Peer> {
  for (let n = 0; n < 100; n++) {
    const sub = `arrival ${protocol ?? ''} ${String(n)}`;
    const arrived = await peer({ token: await token({ sub }), ...(protocol === undefined ? {} : { protocol }) });
    arrived.ws.once('open', () => arrived.ws.send('{"type":"resume"}'));
    await flotilla.send({ from: null, to: sub, data: 'served' });
    const isServed = (): boolean => arrived.texts.some((text) => text.includes('"served"'));
    await eventually(() => expect(isServed() || arrived.ws.readyState === arrived.ws.CLOSED).toBe(true));
    if (!isServed()) return arrived;
  }
  throw new Error('all of a hundred were served');
}

describe('an arrival at a WebSocket', () => {
  it('that asks for a subprotocol nobody speaks: 4505, also in a browser', async () => {
    const { peer } = await setup();
    const { closed, opened, ws } = await peer({ protocol: ['chat.v7', 'graphql'] });
    await opened;
    expect(ws.protocol).toBe('chat.v7');
    expect(await closed).toMatchObject({ code: 4505, reason: expect.stringMatching(/^unsupported_subprotocol/u) });
  });

  it('that offers flotilla.v1 among others speaks it', async () => {
    const { peer } = await setup();
    const { opened, ws } = await peer({ protocol: ['chat.v7', 'flotilla.v1'] });
    await opened;
    expect(ws.protocol).toBe('flotilla.v1');
  });

  it('on the path of another shard: 4403', async () => {
    const { peer } = await setup();
    const { closed } = await peer({ path: '/s/1/ws' });
    expect(await closed).toMatchObject({ code: 4403, reason: expect.stringMatching(/^wrong_shard/u) });
  });

  it('without a shard in its path is served', async () => {
    const { peer, flotilla } = await setup();
    const { opened, texts } = await peer({ path: '/ws' });
    await opened;
    await flotilla.send({ from: null, to: 'alice', data: { n: 1 } });
    await eventually(() => expect(texts).toEqual(['{"n":1}']));
  });

  it('from a foreign origin: 4506', async () => {
    const { peer } = await setup({ allowedOrigins: ['https://chat.example'] });
    const foreign = await peer({ options: { origin: 'https://evil.example' } });
    expect(await foreign.closed).toMatchObject({ code: 4506, reason: expect.stringMatching(/^origin_refused/u) });
    const own = await peer({ options: { origin: 'https://chat.example' } });
    await own.opened;
    const noBrowser = await peer();
    await noBrowser.opened;
  });

  it('faster than the pace: 1013 with a time to come again, in a bye too', async () => {
    const given = await setup({ limits: { handshakesPerSecond: 1 } });
    const plain = await firstRefused(given);
    expect(await plain.closed).toMatchObject({
      code: 1013,
      reason: expect.stringMatching(/^overloaded.* retry-after-ms=\d+$/u),
    });
    const v1 = await firstRefused(given, 'flotilla.v1');
    expect((await v1.closed).code).toBe(1013);
    expect(v1.frames()).toEqual([{ type: 'bye', code: 1013, reason: 'overloaded', retryAfterMs: expect.any(Number) }]);
    expect(await given.metric('refused_total{code="overloaded"}')).toMatch(/ 2$/u);
  });

  it('far beyond the pace is not even told: HTTP 503', async () => {
    const { peer } = await setup({ limits: { handshakesPerSecond: 1 } });
    const answers: number[] = [];
    await Promise.all(
      Array.from({ length: 40 }, async () => {
        const { ws, closed } = await peer();
        ws.once('unexpected-response', (_request, { statusCode }) => answers.push(statusCode ?? 0));
        ws.once('upgrade', () => undefined);
        await Promise.race([
          closed,
          new Promise((resolve) => ws.once('unexpected-response', resolve)),
          new Promise((resolve) => ws.once('open', resolve)),
        ]);
      }),
    );
    expect(answers.length).toBeGreaterThan(10);
    expect(new Set(answers)).toEqual(new Set([503]));
  });

  it('beyond the connections of an address: 4408, until one has gone', async () => {
    const { peer } = await setup({ limits: { connectionsPerAddress: 1 } });
    const first = await peer();
    await first.opened;
    expect(await (await peer()).closed).toMatchObject({
      code: 4408,
      reason: expect.stringMatching(/^too_many_connections.* retry-after-ms=\d+$/u),
    });
    first.ws.close();
    await eventually(async () => {
      const { ws, opened, closed } = await peer();
      await opened;
      await new Promise((resolve) => setTimeout(resolve, 30));
      expect(ws.readyState).toBe(ws.OPEN);
      ws.terminate();
      await closed;
    });
  });

  it('counts the address that a trusted proxy names, and no other', async () => {
    const { peer } = await setup({ trustedProxies: ['loopback'], limits: { connectionsPerAddress: 1 } });
    const from = (address: string) => peer({ options: { headers: { 'x-forwarded-for': address } } });
    await (
      await from('198.51.100.1')
    ).opened;
    await (
      await from('198.51.100.2')
    ).opened;
    expect((await (await from('198.51.100.1')).closed).code).toBe(4408);
  });

  it('beyond the connections of a client: 4408', async () => {
    const { peer } = await setup({ limits: { connectionsPerClient: 2 } });
    for (let i = 0; i < 2; i += 1) await (await peer()).opened;
    expect(await (await peer()).closed).toMatchObject({
      code: 4408,
      reason: expect.stringMatching(/^too_many_connections/u),
    });
  });

  it('at a shard that drains: 1012', async () => {
    const { peer, shard, store, metric } = await setup({ limits: { drainMs: 20_000 } });
    const staying = await peer();
    await staying.opened;
    closing.push(beat(store, 1).stop);
    const shards = [0, 1].map((id) => ({ id, url: `ws://127.0.0.1:1/s/${id}`, state: 'up' as const }));
    const all = [1, 4_096];
    await store.map.publish({ schema: 1, compatible: 1, epoch: 2, shards, home: all, owner: all });
    await eventually(async () => expect(await metric('map_epoch')).toMatch(/ 2$/u));
    // Where another shard would take it, a peer that does not read its close frame keeps the drain going for ten seconds.
    staying.ws.pause();
    const draining = shard.drain();
    const late = await peer();
    expect(await late.closed).toMatchObject({ code: 1012, reason: expect.stringMatching(/^draining/u) });
    staying.ws.resume();
    expect((await staying.closed).code).toBe(1012);
    await draining;
  });
});
