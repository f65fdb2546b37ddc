import { FlotillaError, isErrorCode, type ReplyFrame } from '@flotilla-im/protocol';

/** Requests that may wait for their answers at once: enough to hide the way there and back, too few to trip a frame limit. */
const WINDOW = 32;

/** One request on its way. */
export interface Request {
  readonly id: string;
  /** The frame, written once. */
  readonly text: string;
  /** Not kept: it fails when the connection that should carry it is lost. */
  readonly isLive: boolean;
  readonly resolve: (reply: ReplyFrame) => void;
  readonly reject: (error: FlotillaError) => void;
}

interface Entry {
  readonly request: Request;
  /** The connection it was sent on and is not known to have failed; null: to be sent. */
  sentOn: number | null;
}

/**
 * Requests without an answer, in the order they were made. After a reconnect they are sent again in that order with the
 * same ids, by which a pod knows those that it has done.
 */
export class Outbox {
  readonly #limit: number;
  readonly #entries = new Map<string, Entry>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether the next request has to be refused as `busy`. */
  get isFull(): boolean {
    return this.#entries.size >= this.#limit;
  }

  /** Keeps a request until it is answered. */
  add(request: Request): void {
    this.#entries.set(request.id, { request, sentOn: null });
  }

  /** Whether anything is to be sent before another answer comes. */
  get isWaiting(): boolean {
    return this.#sendable().length > 0;
  }

  /** At most `most` of what is to be sent on a connection now, in order; it counts as sent. */
  takeFor(link: number, most: number): string[] {
    const entries = this.#sendable().slice(0, most);
    for (const entry of entries) entry.sentOn = link;
    return entries.map(({ request }) => request.text);
  }

  /** An answer came. Answers to what nobody waits for any more are ignored. */
  settle(reply: ReplyFrame): void {
    const request = this.#take(reply.re);
    if (!request) return;
    if (reply.ok) {
      request.resolve(reply);
      return;
    }
    const code = isErrorCode(reply.code) ? reply.code : 'internal';
    const details = code === reply.code ? undefined : { code: reply.code };
    request.reject(new FlotillaError(code, reply.message, { retryAfterMs: reply.retryAfterMs, details }));
  }

  /** A connection will not answer, or another takes over: what was sent there is to be sent again. */
  release(link: number): void {
    for (const entry of this.#entries.values()) {
      if (entry.sentOn === link && !entry.request.isLive) entry.sentOn = null;
    }
  }

  /** A connection is gone: what was sent there is to be sent again, but live requests fail; `isLast`: all of them. */
  lose(link: number, isLast: boolean): void {
    this.release(link);
    for (const { request, sentOn } of [...this.#entries.values()]) {
      if (sentOn === link || (isLast && request.isLive))
        this.fail(request.id, new FlotillaError('not_connected', 'the connection was lost'));
    }
  }

  /** Gives up one request. */
  fail(id: string, error: FlotillaError): void {
    this.#take(id)?.reject(error);
  }

  /** Gives up every request. */
  failAll(error: FlotillaError): void {
    for (const id of [...this.#entries.keys()]) this.fail(id, error);
  }

  #sendable(): Entry[] {
    const window: Entry[] = [];
    for (const entry of this.#entries.values()) {
      if (window.push(entry) === WINDOW) break;
    }
    return window.filter(({ sentOn }) => sentOn === null);
  }

  #take(id: string): Request | undefined {
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    return entry?.request;
  }
}
