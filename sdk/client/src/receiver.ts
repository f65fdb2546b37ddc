import {
  FlotillaError,
  formatPosition,
  isErrorCode,
  type ErrorFrame,
  type GapFrame,
  type JoinedFrame,
  type LeftFrame,
  type LiveFrame,
  LOG_START,
  type MessageFrame,
  parsePosition,
  type ServerFrame,
  type WelcomeFrame,
} from '@flotilla-im/protocol';
import type { ConnectionEvent } from './events.ts';
import type { LogBook } from './log-book.ts';
import type { Outbox } from './outbox.ts';

/** The frames that concern the application, not the connection. */
export type ContentFrame = Exclude<ServerFrame, { type: 'welcome' | 'moved' | 'pong' | 'bye' }>;

/** Turns frames into events: each message once, whichever connections bring it. */
export class Receiver {
  readonly #logs: LogBook;
  readonly #outbox: Outbox;
  readonly #emit: (event: ConnectionEvent) => void;
  /** Ids of live messages while two connections may deliver; live messages have no position to know them by. */
  #liveIds: Set<string> | null = null;

  constructor(logs: LogBook, outbox: Outbox, emit: (event: ConnectionEvent) => void) {
    this.#logs = logs;
    this.#outbox = outbox;
    this.#emit = emit;
  }

  /** Whether more than one connection may deliver from now on. */
  setOverlap(isOverlap: boolean): void {
    this.#liveIds = isOverlap ? (this.#liveIds ?? new Set()) : null;
    if (!isOverlap) this.#logs.forgetLeft();
  }

  /** What a welcome means to the application, after whatever `state` event there is. */
  welcome(frame: WelcomeFrame, isOverlap: boolean): { recovered: boolean; events: ConnectionEvent[] } {
    const { recovered, gaps, joined, left } = this.#logs.welcome(frame, isOverlap);
    const events: ConnectionEvent[] = [
      ...left.map((channel) => ({ type: 'left' as const, detail: { channel } })),
      ...joined.map((channel) => ({ type: 'joined' as const, detail: { channel } })),
      ...gaps.map((detail) => ({ type: 'gap' as const, detail })),
    ];
    return { recovered, events };
  }

  /** A frame of the connection that counts. */
  take(frame: ContentFrame): void {
    if (frame.type === 'message') this.#message(frame);
    else if (frame.type === 'gap') this.#gap(frame);
    else if (frame.type === 'joined') this.#joined(frame);
    else if (frame.type === 'left') this.#left(frame);
    else if (frame.type === 'error') this.#emit({ type: 'error', detail: readError(frame) });
    else this.takeLate(frame);
  }

  /** A frame of a connection that another has replaced: only what that one will not bring again. */
  takeLate(frame: ContentFrame): void {
    if (frame.type === 'live') this.#live(frame);
    else if (frame.type === 'reply') this.#outbox.settle(frame);
  }

  #message({ data, from, channel, position, id, at }: MessageFrame): void {
    const arrival = this.#logs.arrive(channel, position);
    if (arrival === 'known') return;
    const log = channel ?? null;
    if (arrival === 'after-loss') this.#emit({ type: 'gap', detail: { channel: log, position: before(position) } });
    this.#emit({ type: 'message', detail: { data, from, channel: log, position, id, at } });
  }

  #gap({ channel, position }: GapFrame): void {
    this.#logs.gap(channel, position);
    this.#emit({ type: 'gap', detail: { channel: channel ?? null, position } });
  }

  #joined({ channel, position }: JoinedFrame): void {
    if (this.#logs.join(channel, position)) this.#emit({ type: 'joined', detail: { channel } });
  }

  #left({ channel }: LeftFrame): void {
    if (this.#logs.leave(channel)) this.#emit({ type: 'left', detail: { channel } });
  }

  #live({ data, from, channel, id }: LiveFrame): void {
    if (this.#liveIds?.has(id) === true) return;
    this.#liveIds?.add(id);
    this.#emit({ type: 'live', detail: { data, from, channel: channel ?? null, id } });
  }
}

/** The position just before a message. */
function before(position: string): string {
  const { generation, offset } = parsePosition(position) ?? LOG_START;
  return formatPosition({ generation, offset: Math.max(0, offset - 1) });
}

function readError({ code, message }: ErrorFrame): FlotillaError {
  return isErrorCode(code)
    ? new FlotillaError(code, message)
    : new FlotillaError('internal', message, { details: { code } });
}
