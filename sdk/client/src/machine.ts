import { FlotillaError } from '@flotilla-im/protocol';
import { readClose } from './close-reason.ts';
import type { ConnectionState, SavedPositions } from './events.ts';
import { LogBook } from './log-book.ts';
import type { MachineIo } from './machine-io.ts';
import type { Address } from './options.ts';
import { Outbox, type Request } from './outbox.ts';
import { Outgoing } from './outgoing.ts';
import { Receiver } from './receiver.ts';
import { Service, type ServiceParts } from './service.ts';
import { Standing, type StandingOptions } from './standing.ts';

/** What the machine has to know of the options. */
export interface MachineOptions extends StandingOptions {
  readonly resume: SavedPositions;
  readonly outboxLimit: number;
  readonly requestsPerSecond: number;
  readonly requestBurst: number;
  readonly connectTimeoutMs: number;
}

/**
 * The bookkeeping of a connection: takes in what happens, has its parts do what that means, and when they are done sends
 * what is due. It does nothing by itself: clock, chance, sockets and timers are its `MachineIo`. Handlers of its events may
 * call it.
 */
export class Machine {
  readonly #io: MachineIo;
  readonly #logs: LogBook;
  readonly #outbox: Outbox;
  readonly #receiver: Receiver;
  readonly #outgoing: Outgoing;
  readonly #standing: Standing;
  readonly #service: Service;
  #alarmAt: number | null = null;
  /** Inputs that are being worked on: a handler may cause one within another. */
  #depth = 0;
  #isFinished = false;

  constructor(options: MachineOptions, io: MachineIo) {
    // Late answers are known for what they are: no two sockets or tickets have the same id.
    let lastId = 0;
    const nextId = (): number => (lastId += 1);
    this.#io = io;
    this.#standing = new Standing(options, io, nextId);
    this.#logs = new LogBook(options.resume);
    this.#outbox = new Outbox(options.outboxLimit);
    this.#receiver = new Receiver(this.#logs, this.#outbox, (event) => this.#standing.emit(event));
    this.#outgoing = new Outgoing(io, this.#logs, this.#outbox);
    const [standing, outbox, receiver, outgoing] = [this.#standing, this.#outbox, this.#receiver, this.#outgoing];
    const parts: ServiceParts = { io, options, nextId, standing, outbox, receiver, outgoing };
    this.#service = new Service(parts);
  }

  /** The state as last told. */
  get state(): ConnectionState {
    return this.#standing.state;
  }

  /** Who this is, once a shard has said so. */
  get clientId(): string | null {
    return this.#service.clientId;
  }

  /** What the application has got. */
  get positions(): SavedPositions {
    return this.#logs.positions;
  }

  /** Channels of which the client is a member. */
  get channels(): readonly string[] {
    return this.#logs.channels;
  }

  /** Begins. Call it once. */
  start(): void {
    if (!this.#standing.isClosed) this.#input(() => this.#standing.attempt());
  }

  /** An address came; null: there is none any more. */
  addressed(ticket: number, address: Address | null): void {
    if (!this.#standing.answered(ticket)) return;
    this.#input(() => {
      if (address === null) this.#service.end(1000, 'no_address');
      else this.#service.begin(address);
    });
  }

  /** No address came. */
  addressFailed(ticket: number, retryAfterMs?: number): void {
    if (!this.#standing.answered(ticket)) return;
    this.#input(() => this.#standing.fail('address_failed', retryAfterMs));
  }

  /** A socket is open. */
  opened(linkId: number): void {
    this.#service.opened(linkId);
  }

  /** A socket brought something; anything but text is garbage. */
  received(linkId: number, data: unknown): void {
    const link = this.#service.links.find(linkId);
    if (link) this.#input(() => this.#service.received(link, data));
  }

  /** A socket has closed, or could not be opened. */
  closed(linkId: number, code: number, text: string): void {
    const { reason, retryAfterMs } = readClose(code, text);
    this.#input(() => this.#service.lose(linkId, code, reason, retryAfterMs));
  }

  /** The time that was set has come (a call too early or too late does no harm). */
  alarm(): void {
    this.#alarmAt = null;
    this.#input(() => {
      const now = this.#io.now();
      this.#standing.check(now);
      for (const link of this.#service.links.all()) this.#service.check(link, now);
    });
  }

  /** The network came back, or the page is looked at again: a good time to try, and to see whether the socket lives. */
  wake(): void {
    this.#input(() => {
      const { served } = this.#service;
      this.#standing.hurry();
      served?.heartbeat?.probe(this.#io.now());
      if (served) this.#outgoing.ping(served);
    });
  }

  /** The page is hidden, and may never be looked at again: tells how far the application is. */
  rest(): void {
    this.#input(() => this.#acknowledge());
  }

  /** A request of the application; it is settled through its own callbacks. */
  request(request: Request): void {
    const refusal = this.#refusalOf(request);
    if (refusal) request.reject(refusal);
    else this.#input(() => this.#outbox.add(request));
  }

  /** The application gave up a request. */
  abandon(requestId: string, error: FlotillaError): void {
    this.#input(() => this.#outbox.fail(requestId, error));
  }

  /** Ends the connection: tells what the application has got, closes with 1000. */
  close(): void {
    this.#input(() => {
      this.#acknowledge();
      this.#service.end(1000, 'closed');
    });
  }

  #acknowledge(): void {
    const { served } = this.#service;
    if (served) this.#outgoing.ack(served);
  }

  #refusalOf(request: Request): FlotillaError | null {
    if (this.#standing.isClosed) return new FlotillaError('closed', 'the connection is closed');
    if (this.#outbox.isFull) return new FlotillaError('busy', 'too many requests wait for an answer');
    if (!request.isLive || this.#service.served) return null;
    return new FlotillaError('not_connected', 'live requests need a connection');
  }

  /** Works on one input; when that is done, handlers and all, sends what is due and sets the alarm for what will be. */
  #input(work: () => void): void {
    this.#depth += 1;
    try {
      work();
    } finally {
      this.#depth -= 1;
      if (this.#depth === 0) this.#settle();
    }
  }

  #settle(): void {
    const { served, links } = this.#service;
    if (served) this.#outgoing.flush(served);
    this.#receiver.setOverlap(links.isOverlap);
    this.#setAlarm();
    if (!this.#standing.isClosed || !links.isEmpty || this.#isFinished) return;
    this.#isFinished = true;
    this.#io.finished();
  }

  #setAlarm(): void {
    const { served, links } = this.#service;
    const dues = links.all().map((link) => link.heartbeat?.dueAt ?? link.deadline);
    if (this.#standing.dueAt !== null) dues.push(this.#standing.dueAt);
    if (served) dues.push(this.#outgoing.dueAt(served));
    const next = Math.min(...dues);
    const at = next === Infinity ? null : next;
    if (at === this.#alarmAt) return;
    this.#alarmAt = at;
    this.#io.setAlarm(at);
  }
}
