import { parseServerFrame, type ServerFrame, SUBPROTOCOL } from '@flotilla-im/protocol';
import { WebSocket } from 'ws';

/** Anything a `flotilla.v1` client may say; also what it may not. */
export type Said = Readonly<Record<string, unknown>>;

type Frame<Type extends ServerFrame['type']> = Extract<ServerFrame, { type: Type }>;

/** The other end of a `flotilla.v1` connection: it says what the test says, and writes down what it hears. */
export class V1Peer {
  readonly frames: ServerFrame[] = [];
  /** WebSocket pings, which are no frames of the protocol. */
  pings = 0;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly ws: WebSocket;
  readonly #opened: Promise<void>;

  /** @param autoPong - whether it answers WebSocket pings, as every real network stack does */
  constructor(url: string, autoPong = true) {
    this.ws = new WebSocket(url, [SUBPROTOCOL], { autoPong });
    this.#opened = new Promise((resolve, reject) => {
      this.ws.once('open', resolve);
      this.ws.once('error', reject);
    });
    this.#opened.catch(() => undefined);
    this.ws.on('error', () => undefined);
    this.ws.on('ping', () => (this.pings += 1));
    this.ws.on('message', (data: Buffer) => {
      const frame = parseServerFrame(data.toString());
      if (frame !== null) this.frames.push(frame);
    });
    this.closed = new Promise((resolve) => {
      this.ws.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }

  async say(...frames: Said[]): Promise<void> {
    await this.#opened;
    for (const frame of frames) this.ws.send(JSON.stringify(frame));
  }

  of<Type extends ServerFrame['type']>(type: Type): Frame<Type>[] {
    return this.frames.filter((frame): frame is Frame<Type> => frame.type === type);
  }

  /** Data of the durable messages of the inbox, or of a channel, in order. */
  data(channel?: string): unknown[] {
    return this.of('message')
      .filter((frame) => frame.channel === channel)
      .map((frame) => frame.data);
  }

  /** Position of the last durable message of the inbox, or of a channel. */
  position(channel?: string): string | undefined {
    return this.of('message').findLast((frame) => frame.channel === channel)?.position;
  }
}
