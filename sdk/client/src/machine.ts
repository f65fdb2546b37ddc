import {
  afterClose,
  type ByeFrame,
  FlotillaError,
  type MovedFrame,
  parseServerFrame,
  type ServerFrame,
  type WelcomeFrame,
} from '@flotilla-im/protocol';
import { Attempts } from './attempts.ts';
import type { BackoffOptions } from './backoff.ts';
import { readClose } from './close-reason.ts';
import type { ConnectionEvent, ConnectionState, SavedPositions } from './events.ts';
import { Heartbeat } from './heartbeat.ts';
import { createLink, type Link, Links } from './link.ts';
import { LogBook } from './log-book.ts';
import type { MachineIo } from './machine-io.ts';
import type { Address } from './options.ts';
import { Outbox, type Request } from './outbox.ts';
import { Outgoing } from './outgoing.ts';
import { Pacer } from './pacer.ts';
import { Receiver } from './receiver.ts';

/** A connection that lasted this long was a good one. */
const STABLE_MS = 5_000;
/** How long a replaced or closing socket may take to end. */
const LINGER_MS = 1_000;
/** The shortest heartbeat that is believed. */
const LEAST_HEARTBEAT_MS = 10;

/** What the machine has to know of the options. */
export interface MachineOptions extends BackoffOptions {
  readonly resume: SavedPositions;
  readonly outboxLimit: number;
  readonly requestsPerSecond: number;
  readonly requestBurst: number;
  readonly addressTimeoutMs: number;
  readonly connectTimeoutMs: number;
}

/**
 * The bookkeeping of a connection: which sockets there are, what each of them is for, what to send and when. It does
 * nothing by itself: clock, chance, sockets and timers are its `MachineIo`. Handlers of its events may call it.
 */
export class Machine {
  readonly #options: MachineOptions;
  readonly #io: MachineIo;
  readonly #logs: LogBook;
  readonly #outbox: Outbox;
  readonly #receiver: Receiver;
  readonly #outgoing: Outgoing;
  readonly #attempts: Attempts;
  readonly #links = new Links();
  #state: ConnectionState = { type: 'connecting' };
  #clientId: string | null = null;
  /** Counts links and address tickets, so that late answers are known for what they are. */
  #lastId = 0;
  #alarmAt: number | null = null;
  /** Inputs that are being worked on: a handler may cause one within another. */
  #depth = 0;
  #isFinished = false;

  constructor(options: MachineOptions, io: MachineIo) {
    this.#options = options;
    this.#io = io;
    this.#logs = new LogBook(options.resume);
    this.#outbox = new Outbox(options.outboxLimit);
    this.#receiver = new Receiver(this.#logs, this.#outbox, (event) => this.#emit(event));
    this.#outgoing = new Outgoing(io, this.#logs, this.#outbox);
    this.#attempts = new Attempts(options);
  }

  /** The state as last told. */
  get state(): ConnectionState {
    return this.#state;
  }

  /** Who this is, once a shard has said so. */
  get clientId(): string | null {
    return this.#clientId;
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
    if (this.#state.type !== 'closed') this.#input(() => this.#attempt());
  }

  /** An address came; null: there is none any more. */
  addressed(ticket: number, address: Address | null): void {
    if (!this.#attempts.answered(ticket)) return;
    this.#input(() => {
      if (address === null) this.#end(1000, 'no_address');
      else this.#links.primary = this.#open(address, 0);
    });
  }

  /** No address came. */
  addressFailed(ticket: number, retryAfterMs?: number): void {
    if (this.#attempts.answered(ticket)) this.#input(() => this.#fail('address_failed', retryAfterMs));
  }

  /** A socket is open. */
  opened(linkId: number): void {
    const role = this.#links.roleOf(linkId);
    const link = this.#links.find(linkId);
    if (!link || role === 'retired') return;
    link.overlaps = role === 'candidate';
    this.#outgoing.resume(link);
  }

  /** A socket brought something; anything but text is garbage. */
  received(linkId: number, data: unknown): void {
    const link = this.#links.find(linkId);
    if (!link) return;
    this.#input(() => {
      link.heartbeat?.heard(this.#io.now());
      // Timers of a hidden page hardly run; what arrives is a chance to say what they should have said.
      this.#check(link, this.#io.now());
      const frame = readFrame(data);
      if (frame instanceof FlotillaError) this.#garbage(link, frame);
      else if (frame) this.#take(link, frame);
    });
  }

  /** A socket has closed, or could not be opened. */
  closed(linkId: number, code: number, text: string): void {
    const { reason, retryAfterMs } = readClose(code, text);
    this.#input(() => this.#lose(linkId, code, reason, retryAfterMs));
  }

  /** The time that was set has come (a call too early or too late does no harm). */
  alarm(): void {
    this.#alarmAt = null;
    this.#input(() => {
      const now = this.#io.now();
      const over = this.#attempts.over(now);
      if (over?.type === 'retry') this.#attempt();
      if (over?.type === 'address') {
        this.#io.abandonAddress(over.ticket);
        this.#fail('address_timeout');
      }
      for (const link of this.#links.all()) this.#check(link, now);
    });
  }

  /** The network came back, or the page is looked at again: a good time to try, and to see whether the socket lives. */
  wake(): void {
    this.#input(() => {
      const { primary } = this.#links;
      this.#attempts.hurry(this.#io.now());
      if (!primary?.heartbeat) return;
      primary.heartbeat.probe(this.#io.now());
      this.#outgoing.ping(primary);
    });
  }

  /** The page is hidden, and may never be looked at again: tells how far the application is. */
  rest(): void {
    this.#input(() => {
      const { primary } = this.#links;
      if (primary?.heartbeat) this.#outgoing.ack(primary);
    });
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
      const { primary } = this.#links;
      if (primary?.heartbeat) this.#outgoing.ack(primary);
      this.#end(1000, 'closed');
    });
  }

  #take(link: Link, frame: ServerFrame): void {
    const isRetired = this.#links.roleOf(link.id) === 'retired';
    if (frame.type === 'bye') this.#bye(link, frame);
    else if (frame.type === 'welcome') {
      if (!link.heartbeat && !isRetired) this.#welcome(link, frame);
    } else if (frame.type === 'pong') {
      if (isRetired) this.#io.closeSocket(link.id, 1000, 'moved');
    } else if (frame.type === 'moved') {
      if (link.heartbeat) this.#moved(frame);
    } else if (isRetired) this.#receiver.takeLate(frame);
    else if (link.heartbeat || frame.type === 'error') this.#receiver.take(frame);
  }

  #welcome(link: Link, frame: WelcomeFrame): void {
    const now = this.#io.now();
    const replaced = link === this.#links.candidate ? this.#links.primary : null;
    link.heartbeat = new Heartbeat(now, atLeast(frame.heartbeatMs), atLeast(frame.heartbeatTimeoutMs));
    link.pacer = new Pacer(now, this.#options.requestsPerSecond, this.#options.requestBurst);
    link.servedAt = now;
    this.#links.drop(link.id);
    if (replaced) this.#replace(replaced);
    this.#links.primary = link;
    this.#clientId = frame.clientId;
    const { recovered, events } = this.#receiver.welcome(frame, link.overlaps);
    // A move is no event: what it replaces, or replaced, had been served and nothing else was told since.
    if (this.#state.type !== 'connected') this.#setState({ type: 'connected', recovered });
    for (const event of events) this.#emit(event);
  }

  /** A replaced connection ends behind a last pong: what was on its way here before that has then been received. */
  #replace(link: Link): void {
    this.#links.retire(link, this.#io.now() + LINGER_MS);
    this.#outbox.release(link.id);
    this.#outgoing.ping(link);
  }

  #moved(frame: MovedFrame): void {
    const { candidate } = this.#links;
    if (candidate && candidate.epoch >= frame.epoch) return;
    if (candidate) this.#discard(candidate);
    this.#links.candidate = this.#open(frame, frame.epoch);
  }

  #bye(link: Link, frame: ByeFrame): void {
    const { reason } = readClose(frame.code, frame.reason);
    this.#io.closeSocket(link.id, 1000, '');
    this.#lose(link.id, frame.code, reason, frame.retryAfterMs);
  }

  /** What cannot be read may have been a message: only a new connection, from the last position, is sure to bring it. */
  #garbage(link: Link, error: FlotillaError): void {
    this.#io.closeSocket(link.id, 4504, error.code);
    this.#lose(link.id, 1002, error.code);
    this.#emit({ type: 'error', detail: error });
  }

  #lose(linkId: number, code: number, reason: string, retryAfterMs?: number): void {
    const link = this.#links.find(linkId);
    const role = this.#links.drop(linkId);
    if (!link || role === null) return;
    if (link.heartbeat && this.#io.now() - link.servedAt >= STABLE_MS) this.#attempts.succeeded();
    this.#outbox.lose(linkId, this.#links.primary === null);
    if (role === 'retired' || (role === 'candidate' && this.#links.primary)) return;
    if (afterClose(code) === 'end') this.#end(code, reason);
    // While a move is under way its outcome decides whether the application notices anything.
    else if (!this.#links.candidate) this.#fail(reason, retryAfterMs);
  }

  #fail(reason: string, retryAfterMs = 0): void {
    const retryInMs = this.#attempts.failed(this.#io.now(), this.#io.chance(), retryAfterMs);
    this.#setState({ type: 'waiting', retryInMs, reason });
  }

  #attempt(): void {
    this.#lastId += 1;
    const ticket = this.#lastId;
    this.#attempts.asked(ticket, this.#io.now() + this.#options.addressTimeoutMs);
    this.#io.fetchAddress(ticket);
    this.#setState({ type: 'connecting' });
  }

  #open(address: Address, epoch: number): Link {
    this.#lastId += 1;
    const link = createLink(this.#lastId, epoch, this.#io.now() + this.#options.connectTimeoutMs);
    this.#io.openSocket(link.id, address);
    return link;
  }

  #check(link: Link, now: number): void {
    const verdict = link.heartbeat?.check(now) ?? (link.deadline <= now ? 'late' : 'fine');
    if (verdict === 'ping') this.#outgoing.ping(link);
    else if (verdict === 'dead') this.#giveUp(link, 'heartbeat_timeout');
    else if (verdict === 'late') this.#giveUp(link, 'connect_timeout');
  }

  #giveUp(link: Link, reason: string): void {
    if (this.#links.roleOf(link.id) === 'retired') this.#io.closeSocket(link.id, 1000, '');
    else this.#io.closeSocket(link.id, 4405, reason);
    this.#lose(link.id, 1006, reason);
  }

  #discard(link: Link): void {
    this.#links.retire(link, this.#io.now() + LINGER_MS);
    this.#io.closeSocket(link.id, 1000, '');
  }

  #end(code: number, reason: string): void {
    if (this.#state.type === 'closed') return;
    const ticket = this.#attempts.cancel();
    if (ticket !== null) this.#io.abandonAddress(ticket);
    for (const link of this.#links.all()) this.#discard(link);
    this.#setState({ type: 'closed', code, reason });
    this.#outbox.failAll(new FlotillaError('closed', 'the connection is closed'));
  }

  #refusalOf(request: Request): FlotillaError | null {
    if (this.#state.type === 'closed') return new FlotillaError('closed', 'the connection is closed');
    if (this.#outbox.isFull) return new FlotillaError('busy', 'too many requests wait for an answer');
    const isServed = Boolean(this.#links.primary?.heartbeat);
    return request.isLive && !isServed ? new FlotillaError('not_connected', 'live requests need a connection') : null;
  }

  #setState(state: ConnectionState): void {
    if (this.#state.type === 'closed') return;
    this.#state = state;
    this.#io.emit({ type: 'state', detail: state });
  }

  #emit(event: ConnectionEvent): void {
    if (this.#state.type !== 'closed') this.#io.emit(event);
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
    const { primary } = this.#links;
    if (primary?.heartbeat) this.#outgoing.flush(primary);
    this.#receiver.setOverlap(this.#links.isOverlap);
    this.#setAlarm();
    if (this.#state.type !== 'closed' || !this.#links.isEmpty || this.#isFinished) return;
    this.#isFinished = true;
    this.#io.finished();
  }

  #setAlarm(): void {
    const dues = this.#links.all().map((link) => link.heartbeat?.dueAt ?? link.deadline);
    if (this.#attempts.dueAt !== null) dues.push(this.#attempts.dueAt);
    const { primary } = this.#links;
    if (primary?.heartbeat) dues.push(this.#outgoing.dueAt(primary));
    const next = Math.min(...dues);
    const at = next === Infinity ? null : next;
    if (at === this.#alarmAt) return;
    this.#alarmAt = at;
    this.#io.setAlarm(at);
  }
}

function readFrame(data: unknown): ServerFrame | FlotillaError | null {
  try {
    return parseServerFrame(data);
  } catch (error) {
    if (error instanceof FlotillaError) return error;
    throw error;
  }
}

const atLeast = (ms: number): number => Math.max(LEAST_HEARTBEAT_MS, ms);
