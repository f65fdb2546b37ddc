import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import WebSocket from 'ws';
import { freePort, type PrivateRedis, startRedis } from '../redis-harness.ts';
import { eventually } from './eventually.ts';
import { type PodProcess, startPod } from './pod-process.ts';

const opened: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});

async function pod(environment: Record<string, string>, args: readonly string[] = []): Promise<PodProcess> {
  const started = await startPod(environment, args);
  opened.push(() => started.stop());
  return started;
}

async function redis(options: Parameters<typeof startRedis>[0] = {}): Promise<PrivateRedis> {
  const started = await startRedis(options);
  opened.push(() => started.stop());
  return started;
}

describe('a pod that cannot start', () => {
  it('tells every fault of its configuration at once and ends with 2', async () => {
    const { ended, stderr } = await pod({
      FLOTILLA_PORT: 'x',
      FLOTILLA_LIMIT_LEASE_MS: '1',
      FLOTILLA_TOKEN_KEYS_FILE: '',
    });
    expect(await ended).toBe(2);
    expect(stderr().trim().split('\n')).toEqual([
      expect.stringMatching(/^FLOTILLA_PORT must be/u),
      expect.stringMatching(/^FLOTILLA_LIMIT_LEASE_MS must be/u),
      expect.stringMatching(/^FLOTILLA_TOKEN_KEYS_FILE is missing/u),
      expect.stringMatching(/^FLOTILLA_LIMIT_LEASE_HEARTBEAT_MS must be at most half/u),
    ]);
  });

  it('names the variable that a misspelt one was meant to be', async () => {
    const { log, ended } = await pod({ FLOTILLA_REDIS_ULR: 'redis://127.0.0.1:1', FLOTILLA_HOST: '203.0.113.1' });
    await ended;
    expect(log()).toContainEqual(
      expect.objectContaining({
        level: 'warn',
        msg: 'unknown environment variable',
        variable: 'FLOTILLA_REDIS_ULR',
        nearest: 'FLOTILLA_REDIS_URL',
      }),
    );
  });

  it('names a key file that is not there, without a stack', async () => {
    const { ended, stderr } = await pod({ FLOTILLA_TOKEN_KEYS_FILE: '/nowhere/keys.json' });
    expect(await ended).toBe(2);
    expect(stderr()).toMatch(/^FLOTILLA_TOKEN_KEYS_FILE: .*ENOENT.*\n$/u);
  });

  it('names a port in use', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    opened.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const { ended, stderr } = await pod({ FLOTILLA_PORT: String(port) });
    expect(await ended).toBe(2);
    expect(stderr()).toBe(`127.0.0.1:${port} is in use by another process; set FLOTILLA_PORT to another port.\n`);
  });

  it('says what is wrong with Redis and ends with 3', async () => {
    const { url } = await redis({ settings: { requirepass: 'secret' } });
    const { ended, stderr } = await pod({ FLOTILLA_REDIS_URL: url.replace('secret', 'guess') });
    expect(await ended).toBe(3);
    expect(stderr()).toMatch(/^[A-Z][^\n]*\.\n$/u);
    expect(stderr()).not.toMatch(/secret|guess/u);
  });

  it('refuses a Redis that evicts keys, with 3', async () => {
    const { url } = await redis({ settings: { maxmemory: '50mb', 'maxmemory-policy': 'allkeys-lru' } });
    const { ended, stderr } = await pod({ FLOTILLA_REDIS_URL: url });
    expect(await ended).toBe(3);
    expect(stderr()).toContain('noeviction');
  });

  it('knows no arguments but --help', async () => {
    const wrong = await pod({}, ['--port', '5']);
    expect(await wrong.ended).toBe(2);
    const help = await pod({}, ['--help']);
    expect(await help.ended).toBe(0);
    expect(help.stdout()).toContain('FLOTILLA_LIMIT_HANDSHAKES_PER_SECOND');
  });
});

describe('a pod', () => {
  it('is alive and not ready without Redis, and becomes ready when it comes', async () => {
    const store = await redis();
    await store.kill();
    const port = await freePort();
    const { ready, log } = await pod({ FLOTILLA_REDIS_URL: store.url, FLOTILLA_PORT: String(port) });
    const status = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
    await eventually(async () => expect(await status('/healthz')).toBe(200));
    expect(await status('/readyz')).toBe(503);
    await eventually(() => expect(log().some(({ msg }) => msg === 'store unavailable at start')).toBe(true));
    await store.start();
    await ready();
  });

  it('drains on SIGTERM and ends with 0; its log holds no token', async () => {
    const store = await redis();
    const { port, token, signal, ended, log, stdout } = await pod({
      FLOTILLA_REDIS_URL: store.url,
      FLOTILLA_LOG_LEVEL: 'trace',
    });
    const address = `ws://127.0.0.1:${await port()}`;
    // Only now: it lives ten seconds.
    const given = await token();
    const ws = new WebSocket(`${address}/s/0/ws?token=${given}`);
    const closed = new Promise<number>((resolve) => ws.once('close', resolve));
    await new Promise((resolve) => ws.once('open', resolve));
    new WebSocket(`${address}/ws?token=${given}x`).on('error', () => undefined);
    signal('SIGTERM');
    expect(await closed).toBe(1012);
    expect(await ended).toBe(0);
    expect(log().map(({ msg }) => msg)).toEqual(expect.arrayContaining(['shard ready', 'stopping', 'shard stopped']));
    expect(log().every(({ cluster, shard }) => cluster === 'edge-test' && shard === 0)).toBe(true);
    expect(stdout()).not.toContain(given.slice(0, 20));
  });

  it('that waits for Redis ends at once on SIGINT', async () => {
    const { signal, ended, log } = await pod({ FLOTILLA_REDIS_URL: `redis://127.0.0.1:${await freePort()}` });
    await eventually(() => expect(log().some(({ msg }) => msg === 'store unavailable at start')).toBe(true));
    signal('SIGINT');
    expect(await ended).toBe(0);
  });
});
