import { describe, expect, it } from '@jest/globals';
import { findType } from './file-types.ts';
import { receiveFile } from './receive-file.ts';

/** A file that comes in chunks, and a disk that takes them. */
function setup(chunks: Iterable<string | Uint8Array>, declared = 'text/plain', limitBytes = 1_000) {
  const seen = { asked: 0, written: 0, ahead: 0, begun: 0 };
  const type = findType(declared);
  if (type === null) throw new Error(`${declared} is not accepted`);
  const source = {
    async *[Symbol.asyncIterator]() {
      for (const chunk of chunks) {
        seen.asked += chunk.length;
        seen.ahead = Math.max(seen.ahead, seen.asked - seen.written);
        yield Buffer.from(chunk);
      }
      await Promise.resolve();
    },
  };
  const write = async (chunk: Uint8Array): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    seen.written += chunk.length;
  };
  const begun = (): void => void (seen.begun += 1);
  return { seen, received: receiveFile(source, { type, limitBytes, write, begun }) };
}

/** 25 MB in chunks of 64 KiB. */
function* large(): Generator<Uint8Array> {
  yield Buffer.from('%PDF-1.7');
  for (let bytes = 0; bytes < 25e6; bytes += 65_536) yield Buffer.alloc(65_536);
}

describe('receiving a file', () => {
  it('passes on every byte, and says when its first ones are right', async () => {
    const { seen, received } = setup(['a', 'bc', 'd']);
    expect(await received).toBe(4);
    expect(seen).toMatchObject({ written: 4, begun: 1 });
  });

  it('holds one chunk of 25 MB at a time, however slow the disk is', async () => {
    const { seen, received } = setup(large(), 'application/pdf', 26e6);
    expect(await received).toBeGreaterThanOrEqual(25e6);
    expect(seen.ahead).toBe(65_536);
  });

  it('ends at the first byte too many, without asking for more', async () => {
    const { seen, received } = setup(['x'.repeat(600), 'x'.repeat(401), 'x'.repeat(600)]);
    await expect(received).rejects.toMatchObject({ statusCode: 413, code: 'file_too_large' });
    expect(seen).toMatchObject({ asked: 1_001, written: 600 });
  });

  it('looks at the first bytes in whatever portions they come', async () => {
    const { seen, received } = setup(['<', 'ht', 'ml', '>'.repeat(600), 'more'], 'text/plain', 5_000);
    await expect(received).rejects.toMatchObject({ statusCode: 415, code: 'bad_type' });
    expect(seen).toMatchObject({ asked: 605, begun: 0 });
  });

  it.each(['<html>', '\0'])('looks at a short file at its end: %j', async (text) => {
    const { seen, received } = setup([text]);
    await expect(received).rejects.toMatchObject({ statusCode: 415, code: 'bad_type' });
    expect(seen.begun).toBe(0);
  });

  it('refuses what is empty', async () => {
    await expect(setup([]).received).rejects.toMatchObject({ statusCode: 400, code: 'empty_file' });
  });
});
