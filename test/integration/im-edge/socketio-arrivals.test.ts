import { once } from 'node:events';
import { afterEach, describe, expect, it } from '@jest/globals';
import WebSocket from 'ws';
import type { ShardOptions } from '../../../services/im/src/config/options.ts';
import { type EdgeHarness, startEdge } from './edge-harness.ts';
import { eventually, nextEvent } from './eventually.ts';
import { createFakeCore } from './fake-core.ts';

let edge: EdgeHarness | null = null;

afterEach(async () => {
  await edge?.close();
  edge = null;
});

async function setup(options: Omit<Partial<ShardOptions>, 'tokenKeys'> = {}) {
  const core = createFakeCore();
  const started = await startEdge(() => core, options);
  edge = started;
  const poll = (path = '/socket.io/', headers: Record<string, string> = {}, method = 'GET') =>
    fetch(`${started.url}${path}?EIO=4&transport=polling`, { method, headers });
  /** What an arrival over WebSocket alone is told at CONNECT; null when it is connected. */
  const arrive = async (more: Parameters<EdgeHarness['client']>[0] = {}) => {
    const client = started.client({ auth: { token: await started.token() }, transports: ['websocket'], ...more });
    return await new Promise<unknown>((resolve) => {
      client.once('connect', () => resolve(null));
      client.once('connect_error', (error: Error & { data?: unknown }) => resolve(error.data ?? error.message));
    });
  };
  return { core, edge: started, poll, arrive };
}

describe('an arrival over Socket.IO', () => {
  it('at a shard that is leaving: 503 with Retry-After, or the code in connect_error', async () => {
    const { core, poll, arrive } = await setup();
    core.state = 'draining';
    const answer = await poll();
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await answer.json()).toMatchObject({ error: { code: 'draining' } });
    expect(await arrive()).toMatchObject({ code: 'draining' });
    expect(core.sessions).toEqual([]);
  });

  it('at a shard that is starting is asked to come again soon', async () => {
    const { core, poll, arrive } = await setup();
    core.state = 'starting';
    expect((await poll()).status).toBe(503);
    expect(await arrive()).toEqual({ code: 'overloaded', retryAfterMs: 1_000 });
  });

  it('on the path of another shard: 421, or the code in connect_error', async () => {
    const { poll, arrive } = await setup();
    const answer = await poll('/s/1/socket.io/');
    expect(answer.status).toBe(421);
    expect(await answer.json()).toMatchObject({ error: { code: 'wrong_shard' } });
    expect(await arrive({ path: '/s/1/socket.io/' })).toMatchObject({ code: 'wrong_shard' });
  });

  it('faster than the pace is told when to come again', async () => {
    const { arrive, poll } = await setup({ limits: { handshakesPerSecond: 1 } });
    expect(await arrive()).toBeNull();
    // How many are served before one is told is a matter of the time that it takes.
    const told = await eventually(async () => (await arrive()) ?? Promise.reject(new Error('it was served')));
    expect(told).toEqual({ code: 'overloaded', retryAfterMs: expect.any(Number) });
    await eventually(async () => {
      const answer = await poll();
      expect(answer.status).toBe(503);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    });
  });

  it('beyond the connections of an address is refused until one has gone', async () => {
    const { core, arrive } = await setup({ limits: { connectionsPerAddress: 1 } });
    expect(await arrive({ transports: ['polling'] })).toBeNull();
    expect(await arrive()).toMatchObject({ code: 'too_many_connections' });
    core.sessions[0]!.transport.terminate();
    await eventually(async () => expect(await arrive()).toBeNull());
  });

  it('that vanishes before CONNECT is not counted for ever', async () => {
    const { edge, arrive, poll } = await setup({ limits: { connectionsPerAddress: 1, helloTimeoutMs: 8_000 } });
    expect((await poll()).status).toBe(200);
    const raw = new WebSocket(`${edge.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    raw.on('error', () => undefined);
    expect(await arrive()).toMatchObject({ code: 'too_many_connections' });
    raw.terminate();
    await eventually(async () => expect(await arrive()).toBeNull());
  });

  it('that says CONNECT twice is served once, and closed', async () => {
    const { edge, core } = await setup();
    const raw = new WebSocket(`${edge.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
    await once(raw, 'open');
    const closed = once(raw, 'close');
    raw.send(`40${JSON.stringify({ token: await edge.token() })}`);
    raw.send(`40${JSON.stringify({ token: await edge.token() })}`);
    await closed;
    expect(core.sessions).toHaveLength(1);
  });

  it('in a namespace of its own is refused', async () => {
    const { edge } = await setup();
    const client = edge.client({ auth: { token: await edge.token() } }).io.socket('/admin');
    client.connect();
    expect((await nextEvent(client, 'connect_error'))[0]).toMatchObject({ message: 'Invalid namespace' });
  });
});

describe('the origin of a page', () => {
  const allowedOrigins = ['https://chat.example'];
  const headers = { origin: 'https://chat.example' };

  it('that is allowed may poll, preflights included', async () => {
    const { poll } = await setup({ allowedOrigins });
    const answer = await poll('/socket.io/', headers);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://chat.example');
    const preflight = await poll('/socket.io/', { ...headers, 'access-control-request-method': 'POST' }, 'OPTIONS');
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://chat.example');
  });

  it('that is foreign gets nothing it may read, and is refused', async () => {
    const { poll, arrive, edge } = await setup({ allowedOrigins });
    const answer = await poll('/socket.io/', { origin: 'https://evil.example' });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect(await arrive({ extraHeaders: { origin: 'https://evil.example' } })).toMatchObject({
      code: 'origin_refused',
    });
    expect(await edge.metric('refused_total{code="origin_refused"}')).toMatch(/ 2$/u);
  });

  it('that is allowed may read why it is refused', async () => {
    const { core, poll } = await setup({ allowedOrigins });
    core.state = 'draining';
    const answer = await poll('/socket.io/', headers);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://chat.example');
  });
});
