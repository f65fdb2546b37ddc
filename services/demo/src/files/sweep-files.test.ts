import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { openFileFolder, type UnfinishedFile } from './file-folder.ts';
import { KEPT_MS, type StoredFile, UNFINISHED_KEPT_MS, UNSENT_KEPT_MS } from './stored-file.ts';
import { sweepFiles } from './sweep-files.ts';

const MESSAGE = { id: 'm1', position: 'g.1', at: 1, state: 'sent' } as const;
const folders: string[] = [];
const begunFiles: UnfinishedFile[] = [];
afterEach(async () => {
  for (const file of begunFiles.splice(0)) await file.discard();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

/** A folder with a file that was sent, one whose message was never accepted, and one that never became whole. */
async function setup() {
  const path = await mkdtemp(join(tmpdir(), 'flotilla-files-'));
  folders.push(path);
  const clock = { now: Date.now() };
  const begun = clock.now;
  const folder = await openFileFolder(path, () => clock.now);
  const add = async (letter: string, isSent: boolean): Promise<string> => {
    const fileId = letter.repeat(43);
    const about = { fileId, from: 'Anna', to: 'Bob', name: letter, size: 1, type: 'text/plain', key: 'k', at: begun };
    const unfinished = await folder.begin();
    await unfinished.write(Buffer.from(letter));
    await unfinished.finish(about satisfies StoredFile);
    if (isSent) await folder.sent(fileId, MESSAGE);
    return fileId;
  };
  const [sent, unsent] = [await add('s', true), await add('u', false)];
  const unfinished = await folder.begin();
  begunFiles.push(unfinished);
  await unfinished.write(Buffer.from('half'));
  const errors: unknown[] = [];
  const sweep = async (afterMs: number): Promise<{ removed: number; left: number }> => {
    clock.now = begun + afterMs;
    const removed = await sweepFiles(path, clock.now, (error) => errors.push(error));
    return { removed, left: (await readdir(path)).length };
  };
  return { path, folder, sent, unsent, sweep, errors, begun };
}

describe('the sweep', () => {
  it('removes what is half, then what nobody was told of, then what is too old', async () => {
    const { sweep, folder, sent, unsent } = await setup();
    expect(await sweep(0)).toEqual({ removed: 0, left: 3 });
    expect(await sweep(UNFINISHED_KEPT_MS + 10_000)).toEqual({ removed: 1, left: 2 });
    expect(await folder.find(unsent)).not.toBeNull();
    expect(await sweep(UNSENT_KEPT_MS + 1)).toEqual({ removed: 1, left: 1 });
    expect(await folder.find(unsent)).toBeNull();
    expect(await sweep(KEPT_MS - 1)).toEqual({ removed: 0, left: 1 });
    expect(await folder.find(sent)).toMatchObject({ message: MESSAGE });
    expect(await sweep(KEPT_MS)).toEqual({ removed: 1, left: 0 });
  });

  it('is not awaited by what is too old: it cannot be had in the meantime', async () => {
    const { folder, sent, sweep, begun, path } = await setup();
    await sweep(0);
    const later = await openFileFolder(path, () => begun + KEPT_MS);
    expect(await folder.find(sent)).not.toBeNull();
    expect(await later.find(sent)).toBeNull();
  });

  it('leaves alone what it does not know, and goes on after what it cannot read', async () => {
    const { path, sweep, errors } = await setup();
    await mkdir(join(path, 'holiday pictures'));
    await utimes(join(path, 'holiday pictures'), 0, 0);
    await mkdir(join(path, 'b'.repeat(43)));
    await writeFile(join(path, 'b'.repeat(43), 'file.json'), 'no json');
    expect(await sweep(KEPT_MS)).toEqual({ removed: 3, left: 2 });
    expect(errors).toHaveLength(1);
  });
});
