import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { bundleClient } from '../scripts/bundle-client.ts';

const setup = (): Promise<string> => bundleClient();

test('the client in one file takes at most 10 KB, minified and compressed', async () => {
  const text = await setup();
  expect(text.length).toBeGreaterThan(5_000);
  expect(gzipSync(text, { level: 9 }).length).toBeLessThanOrEqual(10 * 1_024);
});

test('what only the other end needs is not in it', async () => {
  const text = await setup();
  // One word each: the hash, the close-code table, the meanings of the errors, the shards' parsers.
  for (const word of ['3432918353', 'unsupported_data', 'is not among the allowed', 'the type of the frame']) {
    expect(text).not.toContain(word);
  }
});
