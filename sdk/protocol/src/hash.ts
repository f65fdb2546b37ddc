const C1 = 0xcc9e2d51;
const C2 = 0x1b873593;

function mixBlock(hash: number, block: number): number {
  const h = hash ^ scramble(block);
  return (Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64) | 0;
}

function scramble(block: number): number {
  const k = Math.imul(block, C1);
  return Math.imul((k << 15) | (k >>> 17), C2);
}

function finish(hash: number, length: number): number {
  let h = hash ^ length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** The UTF-8 bytes of one code point in one 32-bit integer, first byte lowest (`utf8Width` of them). */
function packUtf8(point: number): number {
  if (point < 0x80) return point;
  if (point < 0x800) return 0xc0 | (point >> 6) | ((0x80 | (point & 0x3f)) << 8);
  const last = 0x80 | (point & 0x3f);
  const middle = 0x80 | ((point >> 6) & 0x3f);
  if (point < 0x10000) return 0xe0 | (point >> 12) | (middle << 8) | (last << 16);
  return 0xf0 | (point >> 18) | ((0x80 | ((point >> 12) & 0x3f)) << 8) | (middle << 16) | (last << 24);
}

function utf8Width(point: number): number {
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

const isSurrogate = (point: number): boolean => point >= 0xd800 && point <= 0xdfff;

/** How many bytes a text takes as UTF-8; a lone surrogate counts 3, as the U+FFFD that an encoder writes for it. */
export function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) bytes += 1;
    else if ((text.codePointAt(i) ?? 0) > 0xffff) {
      bytes += 2;
      i++;
    } else bytes += 2;
  }
  return bytes;
}

/**
 * MurmurHash3_x86_32 (Austin Appleby, public domain) of a text's UTF-8 bytes: an unsigned 32-bit integer. Frozen for
 * ever: `vectors.json` of this package holds golden values for every language. A lone surrogate hashes as U+FFFD; ids
 * never hold one. `seed` is 0 everywhere in Flotilla; it is here so that published vectors of the hash can be checked.
 */
export function murmur3(text: string, seed = 0): number {
  let hash = seed | 0;
  let block = 0;
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    let point = text.codePointAt(i) ?? 0;
    if (point > 0xffff) i++;
    else if (isSurrogate(point)) point = 0xfffd;
    const packed = packUtf8(point);
    const held = length & 3;
    const width = utf8Width(point);
    block |= packed << (held * 8);
    if (held + width >= 4) {
      hash = mixBlock(hash, block);
      block = held === 0 ? 0 : packed >>> ((4 - held) * 8);
    }
    length += width;
  }
  if ((length & 3) !== 0) hash ^= scramble(block);
  return finish(hash, length);
}
