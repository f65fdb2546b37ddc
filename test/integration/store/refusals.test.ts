import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { useRedis } from './redis-store-setup.ts';

const fixture = useRedis();

/** Something that speaks like an old Redis. */
async function startOldRedis(): Promise<number> {
  const info = 'redis_version:6.2.14\r\nloading:0\r\nmaxmemory_policy:noeviction\r\n';
  const server: Server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (data) => {
      const commands = data.toString().match(/^\*/gm)?.length ?? 0;
      socket.write(`$${info.length}\r\n${info}\r\n`.repeat(commands));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  fixture.later(() => server.close());
  return (server.address() as { port: number }).port;
}

describe('a Redis that will not do is refused at once, with a sentence', () => {
  it('when it is too old', async () => {
    const url = `redis://127.0.0.1:${await startOldRedis()}`;
    await expect(fixture.store(url)).rejects.toMatchObject({
      code: 'store_unsupported',
      retryable: false,
      message: expect.stringContaining('Redis 6.2.14'),
    });
  });

  it('when it evicts keys', async () => {
    const { url } = await fixture.redis({ settings: { maxmemory: '50mb', 'maxmemory-policy': 'allkeys-lru' } });
    await expect(fixture.store(url)).rejects.toMatchObject({
      code: 'store_unsupported',
      message: expect.stringContaining('noeviction'),
    });
  });

  it('when the password is wrong, or missing, without repeating it', async () => {
    const redis = await fixture.redis({ settings: { requirepass: 'right' } });
    const wrong = fixture.store(`redis://:wr0ng@127.0.0.1:${redis.port}`);
    await expect(wrong).rejects.toMatchObject({
      code: 'store_unsupported',
      message: expect.stringContaining('password'),
    });
    await expect(wrong).rejects.not.toMatchObject({ message: expect.stringContaining('wr0ng') });
    await expect(fixture.store(`redis://127.0.0.1:${redis.port}`)).rejects.toMatchObject({
      code: 'store_unsupported',
      message: expect.stringContaining('asks for a password'),
    });
    const store = await fixture.store(`redis://127.0.0.1:${redis.port}`, { password: 'right' });
    expect(store.health().isHealthy).toBe(true);
  });

  it('when its user may not run INFO', async () => {
    const redis = await fixture.redis();
    await redis.command('ACL', 'SETUSER', 'app', 'on', '>pw', '~*', '&*', '+@all', '-info');
    await expect(fixture.store(`redis://app:pw@127.0.0.1:${redis.port}`)).rejects.toMatchObject({
      code: 'store_unsupported',
    });
  });

  it('when nothing answers, after the time given, as something that may pass', async () => {
    const redis = await fixture.redis();
    await redis.kill();
    await expect(fixture.store(redis.url, { connectTimeoutMs: 300 })).rejects.toMatchObject({
      code: 'store_unavailable',
      retryable: true,
      message: expect.stringContaining(`127.0.0.1:${redis.port}`),
    });
  });

  it.each([
    ['the Redis protocol', 'redis'],
    ['TLS', 'rediss'],
  ])('when something answers that does not speak %s, in words of our own', async (what, scheme) => {
    const server = createHttpServer((_, response) => response.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    fixture.later(() => server.close());
    const { port } = server.address() as { port: number };
    const opening = fixture.store(`${scheme}://127.0.0.1:${port}`, { connectTimeoutMs: 3_000 });
    await expect(opening).rejects.toMatchObject({
      code: 'store_unavailable',
      message: `Redis at 127.0.0.1:${port} could not be reached within 3000 ms (what answers there does not speak ${what})`,
    });
  });

  it('but not when it comes up within that time', async () => {
    const redis = await fixture.redis();
    await redis.kill();
    const opening = fixture.store(redis.url, { connectTimeoutMs: 30_000 });
    await redis.start();
    expect((await opening).health().isHealthy).toBe(true);
  });
});

describe('a Redis that is allowed gets a warning', () => {
  it('when a restart would lose everything', async () => {
    const { url } = await fixture.redis();
    expect((await fixture.store(url)).warnings).toEqual([expect.stringContaining('loses every message')]);
  });

  it('when a crash would lose what came since a snapshot', async () => {
    const { url } = await fixture.redis({ settings: { save: '3600 1' } });
    expect((await fixture.store(url)).warnings).toEqual([expect.stringContaining('snapshots only')]);
  });

  it('when it cannot be found out', async () => {
    const redis = await fixture.redis();
    await redis.command('ACL', 'SETUSER', 'app', 'on', '>pw', '~*', '&*', '+@all', '-config');
    const store = await fixture.store(`redis://app:pw@127.0.0.1:${redis.port}`);
    expect(store.warnings).toEqual([expect.stringContaining('could not be checked')]);
  });

  it('and none when it writes an append-only file', async () => {
    const { url } = await fixture.redis({ appendonly: true });
    expect((await fixture.store(url)).warnings).toEqual([]);
  });
});
