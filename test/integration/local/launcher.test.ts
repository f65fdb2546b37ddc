import { stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createRedisStore } from '@flotilla-im/store';
import { eventually } from '../../support/eventually.ts';
import { createLauncherHarness, type Facts, type LauncherHarness, type LauncherProcess } from './launcher-process.ts';

/** Whether somebody listens at an address. */
function answers(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

describe('npm start, with a Redis of its own', () => {
  let harness: LauncherHarness;
  let launcher: LauncherProcess;
  let facts: Facts;

  beforeAll(async () => {
    harness = await createLauncherHarness();
    launcher = await harness.start('--shards', '2');
    facts = await launcher.facts();
  }, 90_000);
  afterAll(() => harness.close(), 60_000);

  const mapOf = async () => {
    const store = await createRedisStore({ url: facts.redis ?? '', cluster: facts.cluster });
    try {
      return await store.map.read();
    } finally {
      await store.close();
    }
  };

  test('serves the page, the shards and Redis, and says where', async () => {
    expect(facts).toMatchObject({ cluster: 'local', prefix: 'fl1:local:', mode: 'processes' });
    expect(facts.shards.map(({ id }) => id)).toEqual([0, 1]);
    expect((await fetch(facts.demo)).status).toBe(200);
    for (const { url } of facts.shards) {
      const ready = await fetch(`${url.replace('ws:', 'http:').replace(/\/s\/\d+$/u, '')}/readyz`);
      expect(ready.status).toBe(200);
    }
    expect(await mapOf()).toMatchObject({ shards: [{ state: 'up' }, { state: 'up' }] });
  });

  test('makes a token key that only its owner can read', async () => {
    const { mode } = await stat(facts.tokenKeysFile);
    expect(mode & 0o777).toBe(0o600);
  });

  test('is refused a second time in the same folder, in a sentence that says where the first is', async () => {
    const { code, stderr } = await (await harness.start()).ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Flotilla already runs in this folder \(process \d+\)\. The demo is at http:\S+\. /u);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  test('scales up and down', async () => {
    expect(await harness.control('scale', '3')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^2 shards → 3 in [\d.]+ s: 136\d of 4096 slots moved \(33\.3 %\)\.\n$/u),
    });
    expect((await mapOf())?.shards).toHaveLength(3);
    expect(await harness.control('scale', '2')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Shards 2 have'),
    });
    expect((await mapOf())?.shards).toHaveLength(2);
  }, 60_000);

  test('restarts a shard: slots lent, home again', async () => {
    const { code, stdout } = await harness.control('restart', '1');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Its 2048 slots were lent .*\n.*starts again …\nShard 1 is back with its 2048 slots/su);
  }, 60_000);

  test('kills a shard hard, and brings it back', async () => {
    const { code, stdout } = await harness.control('kill', '0');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Shard 0 was killed \(SIGKILL\)\.\nIts 2048 slots were lent .*\nShard 0 is back/su);
  }, 60_000);

  test('says in a sentence what cannot be', async () => {
    expect(await harness.control('kill', '9')).toMatchObject({
      code: 1,
      stderr: 'There is no shard 9. There are shards 0, 1.\n',
    });
    expect(await harness.control('scale', 'many')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('0 to 32'),
    });
  });

  test('tells nothing to those who do not know its secret', async () => {
    const { origin } = new URL(facts.control);
    expect((await fetch(`${origin}/status`)).status).toBe(404);
    expect((await fetch(`${origin}/wrong/scale`, { method: 'POST', body: '{"shards":1}' })).status).toBe(404);
  });

  test('starts Redis again when it ends, with everything in it', async () => {
    const before = await mapOf();
    await tellRedis(facts.redis ?? '', 'SHUTDOWN');
    await eventually(() => expect(launcher.stderr()).toMatch(/redis (was killed|ended).*started again/u));
    await eventually(async () => expect(await mapOf()).toMatchObject({ home: before?.home ?? [] }));
  }, 60_000);

  test('stops everything it started at Ctrl-C, and goes on from there the next time', async () => {
    const epoch = (await mapOf())?.epoch ?? 0;
    launcher.signal('SIGINT');
    expect(await launcher.ended).toMatchObject({ code: 0 });
    const places = [facts.demo, facts.control, facts.redis ?? '', ...facts.shards.map(({ url }) => url)];
    expect(await Promise.all(places.map(answers))).toEqual(places.map(() => false));
    launcher = await harness.start('--shards', '2');
    facts = await launcher.facts();
    expect((await mapOf())?.epoch).toBeGreaterThan(epoch);
  }, 90_000);

  test('leaves nothing behind when it is killed, Redis included', async () => {
    launcher.signal('SIGKILL');
    await launcher.ended;
    const places = [facts.demo, facts.redis ?? '', ...facts.shards.map(({ url }) => url)];
    await eventually(async () => expect(await Promise.all(places.map(answers))).toEqual(places.map(() => false)));
  }, 60_000);
});

/** Sends a command that has no answer. */
function tellRedis(url: string, command: string): Promise<void> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(`${command}\r\n`));
    socket.once('close', () => resolve()).on('error', () => {});
  });
}
