import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type FileFolder, openFileFolder } from './file-folder.ts';
import type { StoredFile } from './stored-file.ts';

const ID = 'i'.repeat(43);
const ABOUT: StoredFile = {
  ...{ fileId: ID, from: 'Anna', to: 'Bob', name: 'a.txt', size: 3, type: 'text/plain', key: 'key', at: 0 },
};
const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function setup() {
  const parent = await mkdtemp(join(tmpdir(), 'flotilla-files-'));
  folders.push(parent);
  const path = join(parent, 'made');
  return { path, folder: await openFileFolder(path, () => 0) };
}

async function write(folder: FileFolder, text: string) {
  const unfinished = await folder.begin();
  await unfinished.write(Buffer.from(text));
  return unfinished;
}

async function contentOf(folder: FileFolder): Promise<string | undefined> {
  const handle = await folder.open(ID);
  const text = await handle?.readFile('utf8');
  await handle?.close();
  return text;
}

describe('the folder of files', () => {
  it('has a file once it is whole, for nobody else on the machine', async () => {
    const { path, folder } = await setup();
    const unfinished = await write(folder, 'abc');
    expect(await folder.find(ID)).toBeNull();
    await unfinished.finish(ABOUT);
    expect(await folder.find(ID)).toEqual({ file: ABOUT, message: null });
    expect(await contentOf(folder)).toBe('abc');
    for (const part of ['', ID, join(ID, 'content'), join(ID, 'file.json')]) {
      expect((await stat(join(path, part))).mode & 0o077).toBe(0);
    }
  });

  it('keeps the first of two that write the same file, and nothing of the other', async () => {
    const { path, folder } = await setup();
    const [first, second] = [await write(folder, 'abc'), await write(folder, 'xyz')];
    await first.finish(ABOUT);
    expect(await second.finish({ ...ABOUT, name: 'other.txt' })).toMatchObject({ file: { name: 'a.txt' } });
    await second.discard();
    expect(await contentOf(folder)).toBe('abc');
    expect(await readdir(path)).toEqual([ID]);
  });

  it('keeps nothing of what was given up, and does not mind when that is said twice or too late', async () => {
    const { path, folder } = await setup();
    const unfinished = await write(folder, 'abc');
    expect(await folder.usedBytes()).toBe(3);
    await unfinished.discard();
    await unfinished.discard();
    expect(await readdir(path)).toEqual([]);
    const whole = await write(folder, 'abc');
    await whole.finish(ABOUT);
    await whole.discard();
    expect(await folder.usedBytes()).toBe(3);
    expect(await folder.find(ID)).not.toBeNull();
  });

  it.each(['', '..', '../secrets', ID.slice(1), `${ID}/content`])('knows no file called %j', async (fileId) => {
    const { folder } = await setup();
    expect(await folder.find(fileId)).toBeNull();
    expect(await folder.open(fileId)).toBeNull();
  });
});
