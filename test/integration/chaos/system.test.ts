import { randomUUID } from 'node:crypto';
import { access, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createFlotilla, type Flotilla } from '@flotilla-im/sdk';
import { startSystem } from '../../chaos/system/start-system.ts';
import type { ProcessControl, System } from '../../chaos/system/system.ts';
import { eventually } from '../../support/eventually.ts';

const folderOf = (name: string): string => join(tmpdir(), `flotilla-chaos-${name}-${randomUUID()}`);

function flotillaOf({ redis, cluster, tokenKeysFile }: System): Promise<Flotilla> {
  return createFlotilla({ redis: redis.url, cluster, tokenKeys: tokenKeysFile });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const pidOf = (control: ProcessControl): number => {
  const pid = control.pid();
  if (pid === null) throw new Error(`${control.name} does not run`);
  return pid;
};

describe('a system of two shards', () => {
  const folder = folderOf('single');
  let system: System;
  let flotilla: Flotilla;
  beforeAll(async () => {
    system = await startSystem({ folder, shards: 2, topology: 'single' });
    flotilla = await flotillaOf(system);
  }, 180_000);
  afterAll(async () => {
    await flotilla.close();
    await system.close();
  });

  const send = (): Promise<unknown> => flotilla.send({ from: null, to: ['alice'], data: { text: 'hello' } });

  test('is whole, and tells its figures', async () => {
    const { shards, redis } = system;
    expect(await shards.map()).toMatchObject({
      shards: 2,
      owned: new Map([
        [0, 2_048],
        [1, 2_048],
      ]),
    });
    expect(await shards.connections()).toEqual(
      new Map([
        [0, 0],
        [1, 0],
      ]),
    );
    expect(shards.shard(0).residentBytes()).toBeGreaterThan(30_000_000);
    await shards.shard(0).collect();
    expect(() => shards.shard(2)).toThrow(RangeError);
    await send();
    expect(await redis.keys()).toBeGreaterThan(0);
    expect(await redis.version()).toMatch(/^\d+\.\d+\.\d+$/u);
    expect(await redis.commands()).toBeGreaterThan(0);
    expect(await redis.usedBytes()).toBeGreaterThan(500_000);
  });

  test('names addresses that lead through its links', async () => {
    const { url } = await flotilla.connectInfo('alice');
    const port = Number(new URL(url).port);
    const links = [0, 1].map((id) => system.link(`client-shard-${String(id)}`));
    const link = links.find((one) => one.port === port);
    // A connection that is kept open would not be refused.
    const ask = (): Promise<Response> =>
      fetch(`http://127.0.0.1:${String(port)}/readyz`, { headers: { connection: 'close' } });
    expect((await ask()).status).toBe(200);
    await link?.behave({ type: 'refuse' });
    await expect(ask()).rejects.toThrow();
    await link?.behave({ type: 'pass' });
  });

  test('sees a business process cut off by its link', async () => {
    await system.link('business-redis').behave({ type: 'partition' });
    await expect(send()).rejects.toMatchObject({ retryable: true });
    await system.link('business-redis').behave({ type: 'pass' });
    await eventually(send);
  });

  test('scales to three', async () => {
    const epochs: number[] = [];
    system.shards.onEpoch((epoch) => epochs.push(epoch));
    await system.shards.scale(3);
    await system.shards.whole(40_000);
    expect(system.shards.ids).toEqual([0, 1, 2]);
    const map = await system.shards.map();
    expect(map).toMatchObject({ shards: 3 });
    // Each as it is published, none twice.
    expect(epochs.length).toBeGreaterThan(0);
    expect(epochs.at(-1)).toBe(map?.epoch);
    expect(epochs).toEqual([...new Set(epochs)].sort((one, other) => one - other));
  });

  test('ends whom sizes have left that were overtaken', async () => {
    const { shards } = system;
    await shards.want(4);
    await shards.want(3);
    expect(shards.ids).toEqual([0, 1, 2, 3]);
    await shards.scale(3);
    expect(shards.ids).toEqual([0, 1, 2]);
    await shards.whole(40_000);
  });

  test('starts a killed shard again, and its slots come home', async () => {
    const before = await system.shards.map();
    const shard = system.shards.shard(1);
    const pid = pidOf(shard);
    shard.kill();
    await eventually(async () => expect((await system.shards.map())?.owned.get(1) ?? 0).toBe(0));
    await system.shards.whole(40_000);
    expect(pidOf(shard)).not.toBe(pid);
    expect((await system.shards.map())?.epoch).toBeGreaterThan(before?.epoch ?? Infinity);
  });

  test('goes on without a stopped shard until it continues', async () => {
    const shard = system.shards.shard(2);
    const pid = pidOf(shard);
    shard.stop();
    await eventually(async () => expect((await system.shards.map())?.owned.get(2) ?? 0).toBe(0));
    expect(await system.shards.isReady(2)).toBe(false);
    expect((await system.shards.connections()).get(2)).toBeNull();
    shard.cont();
    await system.shards.whole(40_000);
    expect(pidOf(shard)).toBe(pid);
  });

  test('shifts the clock of the operator, and its next life has the same', async () => {
    const { operator } = system;
    const pid = pidOf(operator);
    operator.shiftClock(3_600_000);
    operator.kill();
    await eventually(() => expect(operator.pid() ?? pid).not.toBe(pid));
    await eventually(async () => {
      const said = (await readFile(join(folder, 'logs', 'operator.log'), 'utf8')).trimEnd().split('\n');
      const { time } = JSON.parse(said.at(-1) ?? '{}') as { time: string };
      expect(Date.parse(time) - Date.now()).toBeGreaterThan(3_500_000);
    });
    await system.shards.whole(40_000);
  });

  test('refuses writes while the disk is full, and takes them again', async () => {
    if (!(await system.redis.fillDisk())) {
      process.stdout.write('left out: this system has no limit of file sizes (prlimit)\n');
      return;
    }
    await eventually(() => expect(send()).rejects.toMatchObject({ retryable: true }));
    await system.redis.freeDisk();
    await eventually(send);
  });

  test('lives through a restart of Redis', async () => {
    const keys = await system.redis.keys();
    await system.redis.restart();
    expect(await system.redis.keys()).toBeGreaterThanOrEqual(keys - 5);
    await eventually(send);
    await system.shards.whole(40_000);
  });

  test('ends all its processes, stopped ones too, and removes its folder', async () => {
    const all = [system.operator, ...system.shards.ids.map((id) => system.shards.shard(id))];
    const pids = all.map(pidOf);
    system.shards.shard(0).stop();
    system.redis.stop();
    await flotilla.close();
    await system.close();
    expect(pids.filter(isAlive)).toEqual([]);
    await expect(access(folder)).rejects.toThrow('ENOENT');
  });
});
