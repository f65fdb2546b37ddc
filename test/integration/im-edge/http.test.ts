import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type EdgeHarness, startEdge } from './edge-harness.ts';
import { createFakeCore } from './fake-core.ts';

let edge: EdgeHarness | null = null;

afterEach(async () => {
  await edge?.close();
  edge = null;
});

async function setup(hasCore = true) {
  const core = createFakeCore();
  const started = await startEdge(() => (hasCore ? core : null));
  edge = started;
  const get = (path: string, init: RequestInit = {}) => fetch(started.url + path, init);
  /** Sends bytes as they are; resolves to what comes back until the pod closes. */
  const raw = (text: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(started.port, '127.0.0.1', () => socket.write(text));
      let answer = '';
      socket.on('data', (data) => (answer += data.toString()));
      socket.on('close', () => resolve(answer));
      socket.on('error', reject);
    });
  return { core, get, raw };
}

describe('the port of a pod', () => {
  it.each(['', '/s/0'])('answers health, readiness and metrics under "%s"', async (prefix) => {
    const { get } = await setup();
    expect(await (await get(`${prefix}/healthz`)).json()).toEqual({ alive: true });
    const ready = await get(`${prefix}/readyz`);
    expect(ready.status).toBe(200);
    expect(await ready.json()).toEqual({
      ready: true,
      shard: 0,
      conditions: [
        { name: 'serving', holds: true },
        { name: 'delivery', holds: true },
      ],
    });
    const metrics = await get(`${prefix}/metrics`);
    expect(metrics.headers.get('content-type')).toContain('text/plain');
    expect(await metrics.text()).toContain('# TYPE flotilla_im_connections gauge');
  });

  it('is alive but not ready before the core has started', async () => {
    const { get } = await setup(false);
    expect((await get('/healthz')).status).toBe(200);
    const ready = await get('/readyz');
    expect(ready.status).toBe(503);
    expect(await ready.json()).toMatchObject({ ready: false, conditions: [{ name: 'serving', why: 'starting' }] });
  });

  it('is not ready while draining, nor while a condition of the core does not hold', async () => {
    const { core, get } = await setup();
    core.state = 'draining';
    expect(await (await get('/readyz')).json()).toMatchObject({ ready: false, conditions: [{ why: 'draining' }, {}] });
    core.state = 'up';
    core.conditions = () => [{ name: 'delivery', holds: false, why: 'no canary for 1200 ms' }];
    expect((await get('/readyz')).status).toBe(503);
  });

  it.each([
    ['/ws', {}, 400, 'bad_request'],
    ['/s/0/ws?token=x', {}, 400, 'bad_request'],
    ['/ws', { method: 'POST', body: 'x' }, 400, 'bad_request'],
    ['/nothing', {}, 404, 'bad_request'],
    ['/', {}, 404, 'bad_request'],
    ['/healthz', { method: 'DELETE' }, 405, 'bad_request'],
    ['/s/7/ws', {}, 421, 'wrong_shard'],
    ['/s/7/healthz', {}, 421, 'wrong_shard'],
  ])('answers %s %j with %i %s', async (path, init, status, code) => {
    const { get } = await setup();
    const answer = await get(path, init);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toEqual({ error: { code, message: expect.any(String) } });
  });

  const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\n';
  const key = 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n';
  it.each([
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['headers beyond 16 KiB', `GET /ws?token=${'x'.repeat(20_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 431],
    ['an upgrade to something else', 'GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n', 400],
    ['an upgrade without a key', `GET /ws HTTP/1.1\r\nHost: a\r\n${upgrade}Sec-WebSocket-Version: 13\r\n\r\n`, 400],
    [
      'an upgrade with a malformed key',
      `GET /ws HTTP/1.1\r\nHost: a\r\n${upgrade}Sec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n`,
      400,
    ],
    [
      'an upgrade of another version',
      `GET /ws HTTP/1.1\r\nHost: a\r\n${upgrade}${key}Sec-WebSocket-Version: 7\r\n\r\n`,
      400,
    ],
    [
      'an upgrade by POST',
      `POST /ws HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n${upgrade}${key}Sec-WebSocket-Version: 13\r\n\r\n`,
      400,
    ],
    [
      'an upgrade of an unknown path',
      `GET /x HTTP/1.1\r\nHost: a\r\n${upgrade}${key}Sec-WebSocket-Version: 13\r\n\r\n`,
      404,
    ],
  ])('answers %s with a status and JSON, and closes', async (_name, text, status) => {
    const { raw } = await setup();
    const answer = await raw(text);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `, 'u'));
    expect(JSON.parse(answer.slice(answer.indexOf('\r\n\r\n')))).toMatchObject({ error: { code: 'bad_request' } });
  });

  it('answers an upgrade with 503 while it is starting', async () => {
    const { raw } = await setup(false);
    const answer = await raw(`GET /ws HTTP/1.1\r\nHost: a\r\n${upgrade}${key}Sec-WebSocket-Version: 13\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1.1 503 /u);
    expect(answer).toMatch(/retry-after: 1\r\n/iu);
  });
});
