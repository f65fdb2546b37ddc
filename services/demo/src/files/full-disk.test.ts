import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Flotilla } from '@flotilla-im/sdk';
import { openFileFolder } from './file-folder.ts';
import { createFiles, type Upload } from './files.ts';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

const UPLOAD: Omit<Upload, 'source'> = {
  ...{ from: 'Anna', to: 'Bob', name: 'a.txt', key: 'key', declared: 'text/plain', length: 1_200 },
};

async function* chunks(): AsyncGenerator<Uint8Array> {
  yield Buffer.alloc(600, 'a');
  await Promise.resolve();
  yield Buffer.alloc(600, 'b');
}

/** Files on a disk whose second write fails with this code. */
async function setup(code: string) {
  const path = await mkdtemp(join(tmpdir(), 'flotilla-files-'));
  folders.push(path);
  const folder = await openFileFolder(path, () => 0);
  const told: unknown[] = [];
  const sent: unknown[] = [];
  const errors: unknown[] = [];
  let writes = 0;
  const files = createFiles({
    folder: {
      ...folder,
      async begin() {
        const unfinished = await folder.begin();
        return {
          ...unfinished,
          write: (chunk) =>
            (writes += 1) === 2 ? Promise.reject(Object.assign(new Error('disk'), { code })) : unfinished.write(chunk),
        };
      },
    },
    messages: {
      sendFile: (...message) => {
        sent.push(message);
        return Promise.resolve({ id: 'm1', position: 'g.1', at: 0, state: 'sent' });
      },
    },
    flotilla: { send: (message: unknown) => Promise.resolve(told.push(message)) } as unknown as Flotilla,
    ...{ secret: 's', limitBytes: 10_000, totalBytes: 10_000, wallMs: () => 0, onError: (error) => errors.push(error) },
  });
  const receive = () => files.receive({ ...UPLOAD, source: chunks() });
  return { path, receive, told, sent, errors };
}

describe('a disk that fails while a file is written', () => {
  it.each(['ENOSPC', 'EDQUOT'])(
    'because it is full is no fault of the software (%s), and nothing stays',
    async (code) => {
      const { path, receive, told, sent, errors } = await setup(code);
      await expect(receive()).rejects.toMatchObject({ statusCode: 507, code: 'no_space' });
      expect(await readdir(path)).toEqual([]);
      expect([sent, errors]).toEqual([[], []]);
      expect(told.at(-1)).toMatchObject({ to: 'Bob', data: { kind: 'coming', isComing: false } });
    },
  );

  it('for another reason is told as it is; nothing stays, and the same upload goes well later', async () => {
    const { path, receive } = await setup('EIO');
    await expect(receive()).rejects.toMatchObject({ code: 'EIO' });
    expect(await readdir(path)).toEqual([]);
    // From now on writes go well.
    await expect(receive()).resolves.toMatchObject({ id: 'm1' });
    expect(await readdir(path)).toHaveLength(1);
  });
});
