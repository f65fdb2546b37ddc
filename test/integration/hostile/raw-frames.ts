/** One WebSocket frame as it came (RFC 6455, section 5.2). */
export interface Frame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** A client's frame with any first byte, masked with zeros: as valid as any other mask. */
export function clientFrame(first: number, payload: Buffer = Buffer.alloc(0)): Buffer {
  return Buffer.concat([frameHead(first, payload.length, 0x80), Buffer.alloc(4), payload]);
}

/** The first bytes of a frame, up to its mask; `length` need not be that of what follows. */
export function frameHead(first: number, length: number, mask: 0 | 0x80): Buffer {
  if (length < 126) return Buffer.from([first, mask | length]);
  if (length < 65_536) return Buffer.from([first, mask | 126, length >> 8, length & 0xff]);
  const long = Buffer.alloc(10);
  long[0] = first;
  long[1] = mask | 127;
  long.writeBigUInt64BE(BigInt(length), 2);
  return long;
}

/** Whole frames of a shard, which are not masked, and the bytes after them. */
export function readFrames(bytes: Buffer): { readonly frames: readonly Frame[]; readonly rest: Buffer } {
  const frames: Frame[] = [];
  let at = 0;
  for (;;) {
    if (at + 2 > bytes.length) break;
    const short = (bytes[at + 1] ?? 0) & 0x7f;
    const start = at + (short < 126 ? 2 : short === 126 ? 4 : 10);
    if (start > bytes.length) break;
    const length =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    if (start + length > bytes.length) break;
    frames.push({ opcode: (bytes[at] ?? 0) & 0x0f, payload: Buffer.from(bytes.subarray(start, start + length)) });
    at = start + length;
  }
  return { frames, rest: bytes.subarray(at) };
}
