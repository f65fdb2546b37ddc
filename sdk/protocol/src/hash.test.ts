import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { murmur3, utf8Bytes } from './hash.ts';
import { slotOf } from './slots.ts';

interface Vectors {
  readonly seeded: readonly { text: string; seed: number; hash: number }[];
  readonly hash: readonly { text: string; utf8: string; hash: number; slot: number }[];
}

function setup(): Vectors {
  return JSON.parse(readFileSync(new URL('../vectors.json', import.meta.url), 'utf8')) as Vectors;
}

test('the hash and the slot are those of the golden vectors, non-BMP texts and every tail length included', () => {
  const { hash } = setup();
  expect(hash.map(({ text }) => ({ text, hash: murmur3(text), slot: slotOf(text) }))).toEqual(
    hash.map(({ text, hash: value, slot }) => ({ text, hash: value, slot })),
  );
  expect(new Set(hash.map(({ utf8 }) => (utf8.length / 2) % 4))).toEqual(new Set([0, 1, 2, 3]));
});

test('the bytes in the vectors are the UTF-8 of their texts', () => {
  for (const { text, utf8 } of setup().hash) expect(Buffer.from(text).toString('hex')).toBe(utf8);
});

test('a seed gives the published values of MurmurHash3_x86_32', () => {
  for (const { text, seed, hash } of setup().seeded) expect(murmur3(text, seed)).toBe(hash);
});

test('a lone surrogate hashes and counts as U+FFFD, as an encoder writes it', () => {
  expect(murmur3('a\ud800b')).toBe(murmur3('a\ufffdb'));
  expect(murmur3('\udc00')).toBe(murmur3('\ufffd'));
  expect(utf8Bytes('\ud800')).toBe(3);
});

// Any UTF-16 units, lone surrogates included.
const utf16 = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 20 })
  .map((units) => String.fromCharCode(...units));

test('utf8Bytes counts what an encoder writes', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => utf8Bytes(text) === Buffer.byteLength(text)));
  fc.assert(fc.property(utf16, (text) => utf8Bytes(text) === Buffer.byteLength(text)));
});
