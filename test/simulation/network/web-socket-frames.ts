/** One WebSocket frame. */
export interface WebSocketFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** Opcodes (RFC 6455, section 5.2). */
export const OPCODE = Object.freeze({ text: 1, close: 8, ping: 9, pong: 10 });

const MASK = Buffer.from([1, 2, 3, 4]);

/** A frame as a client writes it: masked. */
export function clientFrame(opcode: number, payload: Buffer): Buffer {
  const { length } = payload;
  const isShort = length < 126;
  const header = Buffer.alloc(isShort ? 2 : 4);
  header[0] = 0x80 | opcode;
  header[1] = 0x80 | (isShort ? length : 126);
  if (!isShort) header.writeUInt16BE(length, 2);
  const masked = payload.map((byte, i) => byte ^ (MASK[i % 4] ?? 0));
  return Buffer.concat([header, MASK, masked]);
}

/** Takes a shard's answer to the handshake and the frames behind it out of a stream of bytes. */
export class FrameReader {
  #bytes: Buffer = Buffer.alloc(0);
  #isOpen = false;

  /** What is complete by now: the status of the handshake first, then frames. */
  read(bytes: Buffer): (number | WebSocketFrame)[] {
    this.#bytes = this.#bytes.length === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    const found: (number | WebSocketFrame)[] = [];
    if (!this.#isOpen) {
      const end = this.#bytes.indexOf('\r\n\r\n');
      if (end < 0) return found;
      found.push(Number(this.#bytes.toString('latin1', 9, 12)));
      this.#bytes = this.#bytes.subarray(end + 4);
      this.#isOpen = true;
    }
    for (let frame = this.#next(); frame !== null; frame = this.#next()) found.push(frame);
    return found;
  }

  #next(): WebSocketFrame | null {
    const bytes = this.#bytes;
    if (bytes.length < 2) return null;
    const short = (bytes[1] ?? 0) & 0x7f;
    const start = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (bytes.length < start) return null;
    const length = short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : bytes.readUInt32BE(6);
    if (bytes.length < start + length) return null;
    this.#bytes = bytes.subarray(start + length);
    return { opcode: (bytes[0] ?? 0) & 0x0f, payload: bytes.subarray(start, start + length) };
  }
}
