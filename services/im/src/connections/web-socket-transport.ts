import type { Duplex } from 'node:stream';
import { type CloseCode, type CloseReason, DISCONNECTS, formatCloseReason } from '@flotilla-im/protocol';
import { WebSocket } from 'ws';
import type { FrameRun } from '../delivery/frame-run.ts';
import { endingWith } from './ending.ts';
import type { Session } from './session.ts';
import type { Notice, Transport } from './transport.ts';

/**
 * The way out over a WebSocket. `ws` does the receiving, control frames and closing; messages are written to its socket
 * directly, as frames that all connections share. That is safe because `ws` without compression writes each of its own
 * frames in one turn, and so do we.
 */
export abstract class WebSocketTransport implements Transport {
  abstract readonly kind: 'v1' | 'plain';
  protected readonly ws: WebSocket;
  readonly #socket: Duplex;
  #session: Session | null = null;
  /** One buffer is the common case, and needs no array. */
  #out: Buffer | Buffer[] | null = null;
  #awaitsDrain = false;

  constructor(ws: WebSocket, socket: Duplex) {
    this.ws = ws;
    this.#socket = socket;
    attach(ws, this);
  }

  /** Whose way out it is; set once, before anything arrives. */
  get session(): Session | null {
    return this.#session;
  }

  set session(session: Session | null) {
    this.#session = session;
  }

  abstract deliver(run: FrameRun): void;
  abstract tell(notice: Notice): void;
  abstract beat(nowMs: number, heardAtMs: number): void;
  /** A message of the peer. */
  abstract received(data: Buffer, isBinary: boolean): void;
  /** A pong of the peer. */
  abstract ponged(payload: Buffer): void;
  /** What is said before the close frame. */
  protected abstract farewell(code: CloseCode, reason: CloseReason): void;

  /** Queues whole frames for the next flush. */
  protected push(frames: Buffer): void {
    if (this.#out === null) this.#out = frames;
    else if (Array.isArray(this.#out)) this.#out.push(frames);
    else this.#out = [this.#out, frames];
  }

  protected get hasQueued(): boolean {
    return this.#out !== null;
  }

  flush(): void {
    const out = this.#out;
    if (out === null) return;
    this.#out = null;
    if (this.ws.readyState !== this.ws.OPEN) return;
    const socket = this.#socket;
    if (Array.isArray(out)) {
      socket.cork();
      for (const frames of out) socket.write(frames);
      socket.uncork();
    } else {
      socket.write(out);
    }
    if (socket.writableLength > 0 && !this.#awaitsDrain) this.#awaitDrain();
  }

  backlogBytes(): number {
    return this.#socket.writableLength;
  }

  /** One large write counts as backlog until all of it is gone; what the system call has left of it tells more. */
  pulse(): number {
    const { _handle: handle } = this.#socket as { _handle?: { writeQueueSize?: number } | null };
    return this.#socket.writableLength + (handle?.writeQueueSize ?? 0);
  }

  hold(isHeld: boolean): void {
    if (this.ws.readyState !== this.ws.OPEN) return;
    if (isHeld) this.ws.pause();
    else this.ws.resume();
  }

  close(code: CloseCode, reason: CloseReason): void {
    this.farewell(code, reason);
    this.flush();
    this.ws.close(code, formatCloseReason(reason));
  }

  terminate(): void {
    this.ws.terminate();
  }

  /** Only while something waits: an idle connection carries no listener for it. */
  #awaitDrain(): void {
    this.#awaitsDrain = true;
    this.#socket.once('drain', () => {
      this.#awaitsDrain = false;
      this.#session?.drained();
    });
  }
}

const transportKey = Symbol('transport');
type Attached = WebSocket & { [transportKey]: WebSocketTransport };

/** A WebSocket that closes with a reason also where `ws` closes it by itself: for a frame that is too long, or no UTF-8. */
export class ReasoningWebSocket extends WebSocket {
  /** Missing where it is only refused. */
  declare readonly [transportKey]?: WebSocketTransport;

  override close(code?: number, reason?: string | Buffer): void {
    if (reason !== undefined || !isListed(code)) {
      super.close(code, reason);
      return;
    }
    this[transportKey]?.session?.end(endingWith(code));
    super.close(code, DISCONNECTS[code].reason);
  }
}

function isListed(code: number | undefined): code is CloseCode {
  return code !== undefined && Object.hasOwn(DISCONNECTS, code);
}

/** One set of listeners for all connections: they find theirs on the WebSocket. */
function attach(ws: WebSocket, transport: WebSocketTransport): void {
  (ws as Attached)[transportKey] = transport;
  ws.on('message', onMessage);
  ws.on('close', onClose);
  ws.on('error', onError);
  ws.on('pong', onPong);
  ws.on('ping', onPing);
}

function onMessage(this: WebSocket, data: Buffer, isBinary: boolean): void {
  (this as Attached)[transportKey].received(data, isBinary);
}

function onPong(this: WebSocket, payload: Buffer): void {
  (this as Attached)[transportKey].ponged(payload);
}

/** It costs as much as any other frame, so it counts as one; `ws` itself would cut off whoever sends many at once, without a word. */
function onPing(this: WebSocket, payload: Buffer): void {
  if ((this as Attached)[transportKey].session?.frame() === true) this.pong(payload);
}

function onClose(this: WebSocket, code: number): void {
  (this as Attached)[transportKey].session?.closed(code);
}

/** `ws` has closed it already (1007, 1009, 1002), or the peer is gone; `close` follows. */
function onError(): void {
  // Without a listener the process would end.
}
