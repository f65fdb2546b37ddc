import {
  afterClose,
  type ByeFrame,
  FlotillaError,
  type MovedFrame,
  parseServerFrame,
  type ServerFrame,
  type WelcomeFrame,
} from '@flotilla-im/protocol';
import { readClose } from './close-reason.ts';
import { Heartbeat } from './heartbeat.ts';
import { createLink, type Link, Links } from './link.ts';
import type { MachineIo } from './machine-io.ts';
import type { Address } from './options.ts';
import type { Outbox } from './outbox.ts';
import type { Outgoing } from './outgoing.ts';
import { Pacer } from './pacer.ts';
import type { Receiver } from './receiver.ts';
import type { Standing } from './standing.ts';

/** A connection that lasted this long was a good one. */
const STABLE_MS = 5_000;
/** How long a replaced or closing socket may take to end. */
const LINGER_MS = 1_000;
/** The shortest heartbeat that is believed. */
const LEAST_HEARTBEAT_MS = 10;

/** What the service needs. */
export interface ServiceParts {
  readonly io: MachineIo;
  readonly standing: Standing;
  readonly outbox: Outbox;
  readonly receiver: Receiver;
  readonly outgoing: Outgoing;
  readonly options: {
    readonly requestsPerSecond: number;
    readonly requestBurst: number;
    readonly connectTimeoutMs: number;
  };
  /** For sockets. */
  readonly nextId: () => number;
}

/** The sockets: what each is for, what its frames mean for it, and what follows when it is lost. */
export class Service {
  readonly links = new Links();
  readonly #parts: ServiceParts;
  #clientId: string | null = null;

  constructor(parts: ServiceParts) {
    this.#parts = parts;
  }

  /** Who this is, once a shard has said so. */
  get clientId(): string | null {
    return this.#clientId;
  }

  /** The link that is served; null when none is. */
  get served(): Link | null {
    const { primary } = this.links;
    return primary?.heartbeat ? primary : null;
  }

  /** Connects to an address that the application gave. */
  begin(address: Address): void {
    this.links.primary = this.#open(address, 0);
  }

  /** A socket is open. */
  opened(linkId: number): void {
    const role = this.links.roleOf(linkId);
    const link = this.links.find(linkId);
    if (!link || role === 'retired') return;
    link.overlaps = role === 'candidate';
    this.#parts.outgoing.resume(link);
  }

  /** A socket brought something; anything but text is garbage. */
  received(link: Link, data: unknown): void {
    const now = this.#parts.io.now();
    link.heartbeat?.heard(now);
    // Timers of a hidden page hardly run; what arrives is a chance to say what they should have said.
    this.check(link, now);
    const frame = readFrame(data);
    if (frame instanceof FlotillaError) this.#garbage(link, frame);
    else if (frame) this.#take(link, frame);
  }

  /** A socket is lost, by a close, a `bye`, or because it was given up. */
  lose(linkId: number, code: number, reason: string, retryAfterMs = 0): void {
    const { io, standing, outbox } = this.#parts;
    const link = this.links.find(linkId);
    const role = this.links.drop(linkId);
    if (!link || role === null) return;
    if (link.heartbeat && io.now() - link.servedAt >= STABLE_MS) standing.succeeded();
    outbox.lose(linkId, this.links.primary === null);
    if (role === 'retired' || (role === 'candidate' && this.links.primary)) return;
    if (afterClose(code) === 'end') this.end(code, reason);
    // While a move is under way its outcome decides whether the application notices anything.
    else if (this.links.candidate) return;
    else if (retryAfterMs > 0) standing.queue(reason, retryAfterMs);
    else standing.fail(reason);
  }

  /** Asks for a sign of life that is due, or gives the link up. */
  check(link: Link, now: number): void {
    const verdict = link.heartbeat?.check(now) ?? (link.deadline <= now ? 'late' : 'fine');
    if (verdict === 'ping') this.#parts.outgoing.ping(link);
    else if (verdict === 'dead') this.#giveUp(link, 'heartbeat_timeout');
    else if (verdict === 'late') this.#giveUp(link, 'connect_timeout');
  }

  /** Ends everything. */
  end(code: number, reason: string): void {
    const { standing, outbox } = this.#parts;
    if (standing.isClosed) return;
    for (const link of this.links.all()) this.#discard(link);
    standing.close(code, reason);
    outbox.failAll(new FlotillaError('closed', 'the connection is closed'));
  }

  #take(link: Link, frame: ServerFrame): void {
    const { io, receiver } = this.#parts;
    const isRetired = this.links.roleOf(link.id) === 'retired';
    if (frame.type === 'bye') this.#bye(link, frame);
    else if (frame.type === 'welcome') {
      if (!link.heartbeat && !isRetired) this.#welcome(link, frame);
    } else if (frame.type === 'pong') {
      if (isRetired) io.closeSocket(link.id, 1000, 'moved');
    } else if (frame.type === 'moved') {
      if (link.heartbeat) this.#moved(frame);
    } else if (isRetired) receiver.takeLate(frame);
    else if (link.heartbeat || frame.type === 'error') receiver.take(frame);
  }

  #welcome(link: Link, frame: WelcomeFrame): void {
    const { io, options, receiver, standing } = this.#parts;
    const now = io.now();
    const replaced = link === this.links.candidate ? this.links.primary : null;
    link.heartbeat = new Heartbeat(now, atLeast(frame.heartbeatMs), atLeast(frame.heartbeatTimeoutMs));
    link.pacer = new Pacer(now, options.requestsPerSecond, options.requestBurst);
    link.servedAt = now;
    this.links.drop(link.id);
    if (replaced) this.#replace(replaced);
    this.links.primary = link;
    this.#clientId = frame.clientId;
    const { recovered, events } = receiver.welcome(frame, link.overlaps);
    standing.connected(recovered);
    for (const event of events) standing.emit(event);
  }

  /** A replaced connection ends behind a last pong: what was on its way here before that has then been received. */
  #replace(link: Link): void {
    const { io, outbox, outgoing } = this.#parts;
    this.links.retire(link, io.now() + LINGER_MS);
    outbox.release(link.id);
    outgoing.ping(link);
  }

  #moved(frame: MovedFrame): void {
    const { candidate } = this.links;
    if (candidate && candidate.epoch >= frame.epoch) return;
    if (candidate) this.#discard(candidate);
    this.links.candidate = this.#open(frame, frame.epoch);
  }

  #bye(link: Link, frame: ByeFrame): void {
    const { reason } = readClose(frame.code, frame.reason);
    this.#parts.io.closeSocket(link.id, 1000, '');
    this.lose(link.id, frame.code, reason, frame.retryAfterMs);
  }

  /** What cannot be read may have been a message: only a new connection, from the last position, is sure to bring it. */
  #garbage(link: Link, error: FlotillaError): void {
    this.#parts.io.closeSocket(link.id, 4504, error.code);
    this.lose(link.id, 1002, error.code);
    this.#parts.standing.emit({ type: 'error', detail: error });
  }

  #open(address: Address, epoch: number): Link {
    const { io, nextId, options } = this.#parts;
    const link = createLink(nextId(), epoch, io.now() + options.connectTimeoutMs);
    io.openSocket(link.id, address);
    return link;
  }

  #giveUp(link: Link, reason: string): void {
    const { io } = this.#parts;
    if (this.links.roleOf(link.id) === 'retired') io.closeSocket(link.id, 1000, '');
    else io.closeSocket(link.id, 4405, reason);
    this.lose(link.id, 1006, reason);
  }

  #discard(link: Link): void {
    const { io } = this.#parts;
    this.links.retire(link, io.now() + LINGER_MS);
    io.closeSocket(link.id, 1000, '');
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
