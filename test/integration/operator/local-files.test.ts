import { mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { homeTable, type ShardMap, slotRuns } from '@flotilla-im/protocol';
import { createFleetFile, createMapFile, writeFleetFile } from '@flotilla-im/operator/local';
import { eventually } from '../../support/eventually.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function setup(): Promise<{ path: (name: string) => string }> {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-operator-'));
  folders.push(folder);
  return { path: (name) => join(folder, name) };
}

function mapOf(epoch: number): ShardMap {
  const runs = slotRuns(homeTable(1));
  const shards = [{ id: 0, url: 'ws://127.0.0.1:9100/s/0', state: 'up' as const }];
  return { schema: 1, compatible: 1, epoch, shards, home: runs, owner: runs };
}

describe('the file that the map is minted in', () => {
  test('is empty at first, and gives back what was written', async () => {
    const { path } = await setup();
    const file = createMapFile(path('map.json'));
    expect(await file.read()).toBeNull();
    expect(await file.write(mapOf(1), null)).toBe('written');
    expect((await file.read())?.map).toEqual(mapOf(1));
  });

  test('takes a map only from whoever read the last one', async () => {
    const { path } = await setup();
    const [one, other] = [createMapFile(path('map.json')), createMapFile(path('map.json'))];
    await one.write(mapOf(1), null);
    const version = (await other.read())?.version ?? null;
    await one.write(mapOf(2), (await one.read())?.version ?? null);
    expect(await other.write(mapOf(2), version)).toBe('conflict');
    expect(await other.write(mapOf(2), null)).toBe('conflict');
  });

  test('lets exactly one of many that write at once win', async () => {
    const { path } = await setup();
    const files = Array.from({ length: 12 }, () => createMapFile(path('map.json')));
    const outcomes = await Promise.all(files.map((file, i) => file.write(mapOf(i + 1), null)));
    expect(outcomes.filter((outcome) => outcome === 'written')).toHaveLength(1);
  });

  test('is freed of the lock that a dead process left', async () => {
    const { path } = await setup();
    await writeFile(path('map.json.lock'), '');
    const file = createMapFile(path('map.json'));
    expect(await file.write(mapOf(1), null)).toBe('conflict');
    await utimes(path('map.json.lock'), new Date(0), new Date(0));
    await file.write(mapOf(1), null);
    expect(await file.write(mapOf(1), null)).toBe('written');
  });

  test('is an error when it holds something else, and not an empty one', async () => {
    const { path } = await setup();
    await writeFile(path('map.json'), '{}');
    await expect(createMapFile(path('map.json')).read()).rejects.toThrow('holds no shard map');
  });
});

describe('the file that tells of the fleet', () => {
  const fleet = { desired: 1, firstId: 0, shards: [] };

  test('cannot be read while it is not there, which is not the same as no shards', async () => {
    const { path } = await setup();
    await expect(createFleetFile(path('fleet.json')).read()).rejects.toThrow('ENOENT');
  });

  test('calls back when it is replaced', async () => {
    const { path } = await setup();
    await writeFleetFile(path('fleet.json'), fleet);
    const source = createFleetFile(path('fleet.json'));
    let calls = 0;
    const unwatch = source.watch(() => (calls += 1));
    await writeFleetFile(path('fleet.json'), { ...fleet, desired: 2 });
    await eventually(() => expect(calls).toBeGreaterThan(0));
    unwatch();
    expect(await source.read()).toEqual({ ...fleet, desired: 2 });
  });

  test('is refused when it holds something else', async () => {
    const { path } = await setup();
    await writeFile(path('fleet.json'), '{"desired": -1, "shards": []}');
    await expect(createFleetFile(path('fleet.json')).read()).rejects.toThrow();
  });
});
