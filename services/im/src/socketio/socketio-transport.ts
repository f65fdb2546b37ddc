import { type CloseCode, type CloseReason, FlotillaError, type ReplyFrame, afterClose } from '@flotilla-im/protocol';
import type { Socket } from 'socket.io';
import type { Session } from '../connections/session.ts';
import type { Notice, Transport } from '../connections/transport.ts';
import type { FrameRun } from '../delivery/frame-run.ts';
import { EngineLink } from './engine-link.ts';
import { type Packets, eventPackets, joinPackets, partsOf } from './packets.ts';

/** What a client's acknowledgement callback is given. */
export interface RequestOutcome {
  readonly ok: boolean;
  readonly messageId?: string;
  readonly code?: string;
  readonly message?: string;
  readonly retryAfterMs?: number;
}

/** A client's acknowledgement callback. */
export type Ack = (outcome: RequestOutcome) => void;

/** How the service of a connection began. */
export type Beginning = { readonly type: 'served' } | { readonly type: 'refused'; readonly reason: CloseReason };

/** How long a peer may take to close its side before the connection is cut. */
const CLOSE_WITHIN_MS = 3_000;

/** Bytes in the engine's hands at once, more or less: its pings wait behind them, and must be answered in time. */
const HANDED_BYTES = 65_536;

/** The way out to one Socket.IO client. Notices become events of the same name. */
export class SocketIoTransport implements Transport {
  readonly kind = 'socketio';
  /** Whether it is served, and if not why: known once the store has been asked. */
  readonly began: Promise<Beginning>;
  readonly #socket: Socket;
  readonly #link: EngineLink;
  readonly #acks = new Map<string, Ack>();
  #begin: (beginning: Beginning) => void = () => undefined;
  #session: Session | null = null;
  #queue: Packets[] = [];
  #queuedBytes = 0;
  #state: 'connecting' | 'open' | 'closing' | 'closed' = 'connecting';
  #closeCode: number | null = null;
  #cut: NodeJS.Timeout | null = null;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#link = new EngineLink(socket.conn, () => this.#taken());
    this.began = new Promise((resolve) => {
      this.#begin = resolve;
    });
  }

  /** Tells it whose way out it is; before anything else. */
  belongTo(session: Session): void {
    this.#session = session;
    // A ping overtakes what was not handed over yet, so its pong says nothing about that.
    const mark = (): number => (this.#queue.length === 0 ? session.mark() : 0);
    this.#link.attach(session, mark, () => this.ended(1006));
  }

  /** The client has been told that it is connected: what waited goes out. */
  open(): void {
    if (this.#state !== 'connecting') return;
    this.#state = 'open';
    this.flush();
  }

  deliver(run: FrameRun): void {
    for (const packets of partsOf(run, HANDED_BYTES)) this.#enqueue(packets);
  }

  tell(notice: Notice): void {
    if (notice.type === 'welcome') this.#begin({ type: 'served' });
    if (notice.type === 'reply') {
      this.#reply(notice);
    } else {
      const { type, ...fields } = notice;
      this.#enqueue(eventPackets(type, fields));
    }
  }

  #reply({ type: _type, re, ...outcome }: ReplyFrame): void {
    const ack = this.#acks.get(re);
    this.#acks.delete(re);
    if (ack !== undefined) ack(outcome);
    else if (!outcome.ok) this.#enqueue(eventPackets('error', { code: outcome.code, message: outcome.message }));
  }

  /** The outcome of the request with this id goes to `ack`. */
  expectReply(id: string, ack: Ack): void {
    this.#acks.set(id, ack);
  }

  /** Hands over what the engine may have; the rest follows as the network takes it. */
  flush(): void {
    this.#hand(HANDED_BYTES);
  }

  #hand(mostBytes: number): void {
    if (this.#state === 'connecting' || this.#state === 'closed') return;
    const room = mostBytes - this.#link.unsentBytes;
    let count = 0;
    let bytes = 0;
    for (; count < this.#queue.length && bytes < room; count++) bytes += this.#queue[count]?.frames.length ?? 0;
    if (count === 0) return;
    this.#queuedBytes -= bytes;
    this.#link.write(joinPackets(this.#queue.splice(0, count)));
  }

  #taken(): void {
    this.flush();
    if (this.backlogBytes() === 0) this.#session?.drained();
  }

  backlogBytes(): number {
    return this.#queuedBytes + this.#link.unsentBytes;
  }

  pulse(): number {
    return this.#queuedBytes + this.#link.pulse;
  }

  hold(isHeld: boolean): void {
    this.#link.hold(isHeld);
  }

  /** The engine has a heartbeat of its own. */
  beat(): void {
    // Nothing is due.
  }

  close(code: CloseCode, reason: CloseReason): void {
    if (this.#state === 'closing' || this.#state === 'closed') return;
    const wasConnecting = this.#state === 'connecting';
    this.#state = 'closing';
    this.#closeCode = code;
    this.#cut = setTimeout(() => this.terminate(), CLOSE_WITHIN_MS);
    if (wasConnecting) {
      // `connect_error` says it; the client then closes by itself.
      this.#begin({ type: 'refused', reason });
      return;
    }
    this.#enqueue(eventPackets('bye', { code, ...reason }));
    this.#hand(Number.POSITIVE_INFINITY);
    // Whoever is to come again sees a transport that closed and reconnects; whoever is not is disconnected for good.
    if (afterClose(code) === 'end') this.#socket.disconnect(true);
    else this.#socket.conn.close();
  }

  terminate(): void {
    this.#link.cut();
    this.ended(1006);
  }

  /** The connection is gone; `code` counts unless it was closed from here. */
  ended(code: number): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    if (this.#cut !== null) clearTimeout(this.#cut);
    this.#queue = [];
    this.#queuedBytes = 0;
    this.#begin({ type: 'refused', reason: { reason: 'closed' } });
    this.#session?.closed(this.#closeCode ?? code);
    this.#socket.conn.close();
  }

  #enqueue(packets: Packets): void {
    if (this.#state === 'closed') return;
    this.#queue.push(packets);
    this.#queuedBytes += packets.frames.length;
  }
}

/** An error as `connect_error` carries it: the code and the wait are in `data`. */
export function connectError(error: FlotillaError | CloseReason): Error {
  const isError = error instanceof FlotillaError;
  const code = isError ? error.code : error.reason;
  const message = (isError ? error.message : error.sentence) ?? code;
  const { retryAfterMs } = error;
  return Object.assign(new Error(message), { data: { code, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) } });
}
