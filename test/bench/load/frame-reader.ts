/** Called with where a text stands in the bytes that arrived: a view of each would cost the load more than reading it. */
export type OnText = (bytes: Buffer, start: number, end: number) => void;

/** Reads unmasked WebSocket text frames (RFC 6455, section 5.2) out of a stream of chunks. */
export class FrameReader {
  private rest: Buffer | null = null;
  private readonly onText: OnText;

  constructor(onText: OnText) {
    this.onText = onText;
  }

  read(chunk: Buffer): void {
    const bytes = this.rest === null ? chunk : Buffer.concat([this.rest, chunk]);
    let at = 0;
    while (at + 2 <= bytes.length) {
      const short = (bytes[at + 1] ?? 0) & 0x7f;
      const start = at + (short < 126 ? 2 : short === 126 ? 4 : 10);
      if (start > bytes.length) break;
      const end = start + (short < 126 ? short : longLength(bytes, at, short));
      if (end > bytes.length) break;
      if (((bytes[at] ?? 0) & 0x0f) === 1) this.onText(bytes, start, end);
      at = end;
    }
    this.rest = at === bytes.length ? null : bytes.subarray(at);
  }
}

function longLength(bytes: Buffer, at: number, short: number): number {
  return short === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
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
