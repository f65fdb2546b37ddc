/** Reads unmasked WebSocket text frames (RFC 6455, section 5.2) out of a stream of chunks; gives the payload as a view, not a copy. */
export class FrameReader {
  private rest: Buffer | null = null;
  private readonly onText: (payload: Buffer) => void;

  constructor(onText: (payload: Buffer) => void) {
    this.onText = onText;
  }

  read(chunk: Buffer): void {
    const bytes = this.rest === null ? chunk : Buffer.concat([this.rest, chunk]);
    let at = 0;
    while (at + 2 <= bytes.length) {
      const header = headerOf(bytes, at);
      if (header === null || at + header.size + header.length > bytes.length) break;
      const start = at + header.size;
      at = start + header.length;
      if (header.opcode === 1) this.onText(bytes.subarray(start, at));
    }
    this.rest = at === bytes.length ? null : bytes.subarray(at);
  }
}

function headerOf(bytes: Buffer, at: number): { opcode: number; size: number; length: number } | null {
  const opcode = (bytes[at] ?? 0) & 0x0f;
  const short = (bytes[at + 1] ?? 0) & 0x7f;
  if (short < 126) return { opcode, size: 2, length: short };
  if (short === 126) return at + 4 > bytes.length ? null : { opcode, size: 4, length: bytes.readUInt16BE(at + 2) };
  return at + 10 > bytes.length ? null : { opcode, size: 10, length: Number(bytes.readBigUInt64BE(at + 2)) };
}

/** A masked client text frame with an all-zero mask, which costs no work and is as valid as any other. */
export function clientFrame(text: string): Buffer {
  const payload = Buffer.from(text);
  const header =
    payload.length < 126
      ? Buffer.from([0x81, 0x80 | payload.length])
      : Buffer.from([0x81, 0xfe, payload.length >> 8, payload.length & 0xff]);
  return Buffer.concat([header, Buffer.alloc(4), payload]);
}
