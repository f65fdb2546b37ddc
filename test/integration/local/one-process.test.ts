import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createLauncherHarness, type Facts, type LauncherHarness, type LauncherProcess } from './launcher-process.ts';

describe('npm start without any Redis', () => {
  let harness: LauncherHarness;
  let launcher: LauncherProcess;
  let facts: Facts;

  beforeAll(async () => {
    harness = await createLauncherHarness();
    launcher = await harness.start('--memory', '--shards', '2');
    facts = await launcher.facts();
  }, 60_000);
  afterAll(() => harness.close(), 60_000);

  test('serves everything from one process', async () => {
    expect(facts).toMatchObject({ mode: 'one-process', redis: null, prefix: null });
    expect((await fetch(facts.demo)).status).toBe(200);
    expect(facts.shards).toHaveLength(2);
  });

  test('scales', async () => {
    expect(await harness.control('scale', '3')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('2 shards → 3'),
    });
    expect(await harness.control('scale', '2')).toMatchObject({ code: 0 });
  }, 60_000);

  test('restarts a shard', async () => {
    const { code, stdout } = await harness.control('restart', '1');
    expect(code).toBe(0);
    expect(stdout).toContain('Shard 1 is back with its 2048 slots');
  }, 60_000);

  test('says what killing means there', async () => {
    const { code, stdout } = await harness.control('kill', '0');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Shard 0 vanished: in one process it is an object/u);
  }, 60_000);

  test('stops at Ctrl-C', async () => {
    launcher.signal('SIGINT');
    expect(await launcher.ended).toMatchObject({ code: 0 });
    await expect(fetch(facts.demo)).rejects.toThrow();
  });
});
