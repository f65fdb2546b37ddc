import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import type { Flotilla } from '@flotilla-im/sdk';
import { FILE_ID, openFileFolder } from './file-folder.ts';
import { createFiles } from './files.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

async function* content(): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from('a text'));
}

/** The id that a file gets in a service of its own. */
async function idOf({ secret = 's', from = 'Anna', key = 'key' }): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'flotilla-files-'));
  folders.push(path);
  const files = createFiles({
    folder: await openFileFolder(path, () => 0),
    messages: { sendFile: () => Promise.resolve({ id: 'm1', position: 'g.1', at: 0, state: 'sent' }) },
    flotilla: { send: () => Promise.resolve() } as unknown as Flotilla,
    ...{ secret, limitBytes: 1_000, totalBytes: 1_000, wallMs: () => 0, onError: () => undefined },
  });
  const upload = { from, to: 'Bob', name: 'a.txt', key, declared: 'text/plain', length: 6, source: content() };
  return (await files.receive(upload)).data.fileId;
}

it('is the same in every process for the same sender and key, and cannot be made without the secret', async () => {
  const id = await idOf({});
  expect(id).toMatch(FILE_ID);
  expect(await idOf({})).toBe(id);
  const others = [await idOf({ secret: 't' }), await idOf({ from: 'Eve' }), await idOf({ key: 'other' })];
  expect(new Set([id, ...others]).size).toBe(4);
});
