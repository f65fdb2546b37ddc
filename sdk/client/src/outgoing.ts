import { encodeClientFrame, LIMITS } from '@flotilla-im/protocol';
import type { Link } from './link.ts';
import type { LogBook } from './log-book.ts';
import type { MachineIo } from './machine-io.ts';
import type { Outbox } from './outbox.ts';

/** What is said on the connection that counts: pings, acknowledgements and requests, each when it is due. */
export class Outgoing {
  readonly #io: Pick<MachineIo, 'now' | 'sendText'>;
  readonly #logs: LogBook;
  readonly #outbox: Outbox;
  /** When the next `ack` may be sent. */
  #ackAt = 0;

  constructor(io: Pick<MachineIo, 'now' | 'sendText'>, logs: LogBook, outbox: Outbox) {
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
    this.#ackAt = this.#io.now() + LIMITS.ackIntervalMs;
  }

  /** Sends what is due on a served link. */
  flush(link: Link): void {
    const now = this.#io.now();
    if (this.#logs.isDirty && this.#ackAt <= now) this.ack(link);
    const texts = this.#outbox.takeFor(link.id, link.pacer?.allowed(now) ?? 0);
    for (const text of texts) this.#send(link, text);
    link.pacer?.spend(texts.length);
  }

  /** When there is something to `flush`, besides heartbeats; Infinity: not before something happens. */
  dueAt(link: Link): number {
    const ackAt = this.#logs.isDirty ? this.#ackAt : Infinity;
    return Math.min(ackAt, link.pacer && this.#outbox.isWaiting ? link.pacer.nextAt : Infinity);
  }

  #send(link: Link, text: string): void {
    this.#io.sendText(link.id, text);
    link.heartbeat?.sent(this.#io.now());
  }
}
