import { createServer } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { freePort, startRedis } from '../redis-harness.ts';
import { createLauncherHarness, type LauncherHarness } from './launcher-process.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
}, 60_000);

async function setup(): Promise<LauncherHarness> {
  const harness = await createLauncherHarness();
  open.push(harness.close);
  return harness;
}

describe('npm start with a Redis that is there already', () => {
  test('uses keys of its own there, tells when it is away, and leaves it running', async () => {
    const redis = await startRedis();
    open.push(redis.stop);
    const { start } = await setup();
    const launcher = await start('--redis', redis.url, '--shards', '1');
    const facts = await launcher.facts();
    expect(facts).toMatchObject({ redis: redis.url, prefix: expect.stringMatching(/^fl1:local-[0-9a-f]{8}:$/u) });
    await redis.kill();
    await eventually(() => expect(launcher.stderr()).toContain('Redis does not answer.'));
    await redis.start();
    await eventually(() => expect(launcher.stderr()).toContain('Redis answers again.'));
    launcher.signal('SIGINT');
    expect(await launcher.ended).toMatchObject({ code: 0 });
    expect(await redis.command('PING')).toBe('PONG');
  }, 90_000);

  test('is not started beside another one of the same name', async () => {
    const redis = await startRedis();
    open.push(redis.stop);
    const [one, other] = [await setup(), await setup()];
    await (await one.start('--redis', redis.url, '--cluster', 'chat', '--shards', '1')).facts();
    const { code, stderr } = await (await other.start('--redis', redis.url, '--cluster', 'chat')).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^Shards of a cluster called chat are alive on this Redis, started somewhere else\. --cluster gives/mu,
    );
  }, 90_000);

  test('says in a sentence that nobody answers', async () => {
    const { start } = await setup();
    const port = await freePort();
    const { code, stderr } = await (await start('--redis', `redis://:secret@127.0.0.1:${port}`)).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/Redis at redis:\/\/127\.0\.0\.1:\d+ cannot be used: .*Start it, or leave --redis out/u);
    expect(stderr).not.toMatch(/secret|\n {4}at /u);
  });
});

describe('npm start', () => {
  test('says in a sentence that the port asked for is in use', async () => {
    const { start } = await setup();
    const port = await freePort();
    const server = createServer().listen(port, '127.0.0.1');
    open.push(() => new Promise((resolve) => server.close(resolve)));
    const { code, stderr } = await (await start('--port', String(port))).ended;
    expect(code).toBe(1);
    expect(stderr).toBe(`Port ${port} is in use, by another program. The demo needs one: --port asks for another.\n`);
  });

  test('is what scale, restart and kill ask for when nothing runs', async () => {
    const { control } = await setup();
    expect(await control('scale', '5')).toEqual({
      code: 1,
      stdout: '',
      stderr: 'No Flotilla runs in this folder. npm start starts one.\n',
    });
  });

  test('explains itself and the others', async () => {
    const { start, control } = await setup();
    expect(await (await start('--help')).ended).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('--redis URL'),
    });
    expect(await control('kill', '--help')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('npm run kill -- <shard>'),
    });
  });
});
