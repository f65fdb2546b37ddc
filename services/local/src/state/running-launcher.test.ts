import { afterEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLiving } from './running-launcher.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function setup(record: unknown): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'launcher-'));
  folders.push(folder);
  const path = join(folder, 'control.json');
  await writeFile(path, JSON.stringify(record));
  return path;
}

describe('the record of a launcher that still starts', () => {
  test('counts while its process lives', async () => {
    expect(await readLiving(await setup({ pid: 5 }), () => true)).toEqual({ pid: 5 });
  });

  test('does not count once its process died', async () => {
    expect(await readLiving(await setup({ pid: 5 }), () => false)).toBeNull();
  });
});
