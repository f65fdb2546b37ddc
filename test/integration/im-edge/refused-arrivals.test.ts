import { afterEach, describe, expect, it } from '@jest/globals';
import type { ShardOptions } from '../../../services/im/src/config/options.ts';
import { eventually } from './eventually.ts';
import { startTestShard, type ShardHarness } from './shard-harness.ts';

let harness: ShardHarness | null = null;

afterEach(async () => {
  await harness?.close();
  harness = null;
});

async function setup(options: Omit<Partial<ShardOptions>, 'tokenKeys'> = {}): Promise<ShardHarness> {
  harness = await startTestShard(options);
  return harness;
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
    const { peer, metric } = await setup({ limits: { handshakesPerSecond: 1 } });
    await (
      await peer()
    ).opened;
    const plain = await peer();
    expect(await plain.closed).toMatchObject({
      code: 1013,
      reason: expect.stringMatching(/^overloaded.* retry-after-ms=\d+$/u),
    });
    const v1 = await peer({ protocol: 'flotilla.v1' });
    expect((await v1.closed).code).toBe(1013);
    expect(v1.frames()).toEqual([{ type: 'bye', code: 1013, reason: 'overloaded', retryAfterMs: expect.any(Number) }]);
    expect(await metric('refused_total{code="overloaded"}')).toMatch(/ 2$/u);
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
    const { peer, shard } = await setup({ limits: { drainMs: 20_000 } });
    const staying = await peer();
    await staying.opened;
    // A peer that does not read its close frame keeps the drain going for a while.
    staying.ws.pause();
    const draining = shard.drain();
    const late = await peer();
    expect(await late.closed).toMatchObject({ code: 1012, reason: expect.stringMatching(/^draining/u) });
    staying.ws.resume();
    expect((await staying.closed).code).toBe(1012);
    await draining;
  });
});
