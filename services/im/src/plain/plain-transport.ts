import type { Duplex } from 'node:stream';
import { FlotillaError } from '@flotilla-im/protocol';
import type { WebSocket } from 'ws';
import { endingWith } from '../connections/ending.ts';
import { WebSocketTransport } from '../connections/web-socket-transport.ts';
import type { FrameRun } from '../delivery/frame-run.ts';
import { pingFrame } from '../delivery/text-frame.ts';
import { parseMark } from './mark.ts';

/** Marks go out so often, */
const MARK_MS = 1_000;
/** or behind so many bytes, whatever comes first: what a slow reader gets again is in proportion to this. */
const MARK_BYTES = 65_536;

/** What a plain WebSocket's way out needs. */
export interface PlainOptions {
  /** How long a silent peer is left alone before it is pinged. */
  readonly heartbeatMs: number;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

/**
 * A WebSocket without a subprotocol: each frame is exactly a message's data. Its peer acknowledges without knowing it: a
 * ping behind what was written carries a mark, and the pong that the network stack answers says that those bytes arrived.
 * Marks do not wait for each other: where much waits for a slow reader, its cursor follows what it reads.
 */
export class PlainTransport extends WebSocketTransport {
  readonly kind = 'plain';
  readonly #options: PlainOptions;
  #pingedAtMs: number;
  #unmarkedBytes = 0;

  constructor(ws: WebSocket, socket: Duplex, options: PlainOptions) {
    super(ws, socket);
    this.#options = options;
    this.#pingedAtMs = options.nowMs() - MARK_MS;
  }

  deliver(run: FrameRun): void {
    if (this.#unmarkedBytes >= MARK_BYTES) this.#mark(this.#options.nowMs());
    const bytes = run.plain();
    this.#unmarkedBytes += bytes.length;
    this.push(bytes);
  }

  /** It has no words for anything but messages. */
  tell(): void {
    // Business hears of what matters.
  }

  override flush(): void {
    if (this.hasQueued) this.#mark(this.#options.nowMs());
    super.flush();
  }

  beat(nowMs: number): void {
    this.#mark(nowMs);
    if (nowMs - this.#pingedAtMs >= this.#options.heartbeatMs) this.#ping('', nowMs);
    super.flush();
  }

  received(data: Buffer, isBinary: boolean): void {
    const { session } = this;
    if (session === null || !session.frame()) return;
    if (isBinary) session.end(endingWith(1003));
    else if (session.mayGoUpstream) session.upstreamText(data.toString());
  }

  ponged(payload: Buffer): void {
    const { session } = this;
    if (session === null) return;
    session.heard();
    const mark = parseMark(payload);
    if (mark !== null && !session.confirm(mark)) {
      session.fail(new FlotillaError('bad_frame', 'a pong for what was never written'));
    }
  }

  protected farewell(): void {
    // The close frame says it all.
  }

  #mark(nowMs: number): void {
    if (nowMs - this.#pingedAtMs < MARK_MS && this.#unmarkedBytes < MARK_BYTES) return;
    const mark = this.session?.mark() ?? 0;
    if (mark === 0) return;
    this.#unmarkedBytes = 0;
    this.#ping(String(mark), nowMs);
  }

  #ping(payload: string, nowMs: number): void {
    this.#pingedAtMs = Math.trunc(nowMs);
    this.push(pingFrame(payload));
  }
}
