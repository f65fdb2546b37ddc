import { ackInterval, encodeClientFrame } from '@flotilla-im/protocol';
import type { Link } from './link.ts';
import type { LogBook } from './log-book.ts';
import type { MachineIo } from './machine-io.ts';
import type { Outbox } from './outbox.ts';

/** What is said on the connection that counts: pings, acknowledgements and requests, each when it is due. */
export class Outgoing {
  readonly #io: Pick<MachineIo, 'now' | 'chance' | 'sendText'>;
  readonly #logs: LogBook;
  readonly #outbox: Outbox;
  /** When the last `ack` was sent, and how long after it the next one may be. */
  #ackedAt = -Infinity;
  #ackInterval = 0;

  constructor(io: Pick<MachineIo, 'now' | 'chance' | 'sendText'>, logs: LogBook, outbox: Outbox) {
    this.#io = io;
    this.#logs = logs;
    this.#outbox = outbox;
  }

  /** Positions, for a pod that has not served this link yet. */
  resume(link: Link): void {
    this.#send(link, encodeClientFrame(this.#logs.resume()));
  }

  /** Asks for a sign of life. */
  ping(link: Link): void {
    this.#send(link, '{"type":"ping"}');
  }

  /** Tells how far the application is, at once. */
  ack(link: Link): void {
    const ack = this.#logs.takeAck();
    if (!ack) return;
    this.#send(link, encodeClientFrame(ack));
    const now = this.#io.now();
    this.#ackInterval = ackInterval(this.#ackInterval, now - this.#ackedAt, this.#io.chance());
    this.#ackedAt = now;
  }

  /** Sends what is due on a served link. */
  flush(link: Link): void {
    const now = this.#io.now();
    if (this.#ackAt <= now) this.ack(link);
    const texts = this.#outbox.takeFor(link.id, link.pacer?.allowed(now) ?? 0);
    for (const text of texts) this.#send(link, text);
    link.pacer?.spend(texts.length);
  }

  /** When there is something to `flush`, besides heartbeats; Infinity: not before something happens. */
  dueAt(link: Link): number {
    return Math.min(this.#ackAt, link.pacer && this.#outbox.isWaiting ? link.pacer.nextAt : Infinity);
  }

  get #ackAt(): number {
    return this.#logs.isDirty ? this.#ackedAt + this.#ackInterval : Infinity;
  }

  #send(link: Link, text: string): void {
    this.#io.sendText(link.id, text);
    link.heartbeat?.sent(this.#io.now());
  }
}
