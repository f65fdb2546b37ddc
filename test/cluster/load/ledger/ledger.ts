import { Durations, percentilesOf } from './durations.ts';
import { MoveGaps } from './move-gaps.ts';
import { ExactReader, type Reader, RepeatingReader } from './reader.ts';
import type { AccountOfKind, Faults, LedgerReport } from './report.ts';
import { Stream } from './stream.ts';

/** How a client listens: what it is promised differs. */
export type ClientKind = 'v1' | 'plain' | 'socketIo';

/** One client, as its application sees it. */
export interface Client {
  readonly id: string;
  readonly kind: ClientKind;
}

interface Account extends Client {
  readonly readers: Map<string, Reader>;
  /** When it last got anything. */
  lastArrivalMs: number;
  /** The longest time of this window in which something was due and nothing came. */
  gapMs: number;
  /** When that ended. */
  gapEndMs: number;
  readonly moves: MoveGaps;
}

/** Faults told in full; more are only counted. */
const MOST_EXAMPLES = 20;
/** What a client may notice. */
const LONG_GAP_MS = 100;
const KINDS: readonly ClientKind[] = ['v1', 'plain', 'socketIo'];

/**
 * The independent observer: holds every message that the store accepted against what each client's application got. Times
 * are monotonic milliseconds of one clock, which is the sender's as well as the receivers'.
 */
export class Ledger {
  readonly #streams = new Map<string, Stream>();
  readonly #accounts = new Map<string, Account>();
  readonly #delays = new Durations();
  #markedMs = 0;
  #faults = noFaults();
  #examples: string[] = [];

  /** A log that is sent to; the same one for the same name. */
  stream(name: string): Stream {
    const known = this.#streams.get(name);
    if (known) return known;
    const stream = new Stream(name);
    this.#streams.set(name, stream);
    return stream;
  }

  /** A client that is to get everything of some streams, from their first message on. */
  add(client: Client, streams: readonly string[]): void {
    const readers = streams.map((name) => [name, createReader(client.kind)] as const);
    this.#accounts.set(client.id, {
      ...client,
      readers: new Map(readers),
      lastArrivalMs: 0,
      gapMs: 0,
      gapEndMs: 0,
      moves: new MoveGaps(),
    });
  }

  /** A client is served by a new connection. */
  connected(clientId: string, nowMs: number): void {
    const account = this.#account(clientId);
    account.moves.moved(nowMs);
    for (const reader of account.readers.values()) reader.reconnected();
  }

  /** A message reached a client's application. */
  arrived(clientId: string, name: string, number: number, nowMs: number): void {
    const account = this.#account(clientId);
    const reader = account.readers.get(name);
    if (reader === undefined) {
      this.#fault(account.kind, 'misled', `${clientId} got a message of ${name}`);
      return;
    }
    const arrival = reader.take(number);
    if (arrival === 'new') this.#time(account, this.stream(name).acceptedAt(number) ?? nowMs, nowMs);
    else if (arrival === 'repeated') this.#faults[account.kind].repeated += 1;
    else this.#fault(account.kind, arrival, `${clientId} got ${name} ${number} ${arrival}`);
    account.lastArrivalMs = nowMs;
  }

  /** A client was told that messages of a log are lost. */
  toldOfGap(clientId: string): void {
    this.#fault(this.#account(clientId).kind, 'toldLost', `${clientId} was told that messages are lost`);
  }

  /** Begins a new window: what was counted and timed is forgotten, what has not arrived is not. */
  mark(nowMs: number): void {
    this.#markedMs = nowMs;
    this.#faults = noFaults();
    this.#examples = [];
    this.#delays.clear();
    for (const account of this.#accounts.values()) {
      account.gapMs = 0;
      account.moves.clear();
    }
  }

  /** What was accepted and has not arrived, over all clients. */
  lacking(): number {
    let lacking = 0;
    for (const { readers } of this.#accounts.values()) {
      for (const [name, reader] of readers) lacking += reader.lacking(this.stream(name).accepted);
    }
    return lacking;
  }

  /** The window so far. */
  report(nowMs: number): LedgerReport {
    const accounts = [...this.#accounts.values()];
    const examples = [...this.#examples];
    const kinds = KINDS.map((kind) => {
      const own = accounts.filter((account) => account.kind === kind);
      return [kind, this.#accountOfKind(own, this.#faults[kind], nowMs, examples)] as const;
    });
    return {
      kinds: Object.fromEntries(kinds) as Record<ClientKind, AccountOfKind>,
      delayMs: this.#delays.summary(),
      examples: examples.slice(0, MOST_EXAMPLES),
    };
  }

  #accountOfKind(accounts: readonly Account[], faults: Faults, nowMs: number, examples: string[]): AccountOfKind {
    const gaps = new Map(accounts.map((account) => [account, Math.max(account.gapMs, this.#openGap(account, nowMs))]));
    let lacking = 0;
    for (const { id, readers } of accounts) {
      for (const [name, reader] of readers) {
        const count = reader.lacking(this.stream(name).accepted);
        if (count > 0) examples.push(`${id} lacks ${count} of ${name}, from ${reader.next} on`);
        lacking += count;
      }
    }
    const moved = accounts.filter(({ moves }) => moves.hasMoved);
    return {
      clients: accounts.length,
      lacking,
      ...faults,
      gapMs: percentilesOf([...gaps.values()]),
      movedGapMs: percentilesOf(moved.map((account) => gaps.get(account) ?? 0)),
      moveGapMs: percentilesOf(accounts.flatMap((account) => account.moves.all(this.#openGap(account, nowMs), nowMs))),
      longGapsAtS: this.#longGapsAtS(accounts),
    };
  }

  /** By second of the window, how many clients' longest gap ended in it, of those that are long. */
  #longGapsAtS(accounts: readonly Account[]): (readonly [second: number, clients: number])[] {
    const long = accounts.filter(({ gapMs }) => gapMs > LONG_GAP_MS);
    const seconds = Map.groupBy(long, ({ gapEndMs }) => Math.floor((gapEndMs - this.#markedMs) / 1_000));
    return [...seconds].map(([second, some]) => [second, some.length] as const).sort(([a], [b]) => a - b);
  }

  #time(account: Account, acceptedMs: number, nowMs: number): void {
    this.#delays.add(nowMs - acceptedMs);
    const gapMs = nowMs - Math.max(acceptedMs, account.lastArrivalMs);
    account.moves.ended(Math.max(0, gapMs), nowMs);
    if (gapMs <= account.gapMs) return;
    account.gapMs = gapMs;
    account.gapEndMs = nowMs;
  }

  /** How long a client has been waiting for what is due to it now. */
  #openGap({ readers, lastArrivalMs }: Account, nowMs: number): number {
    let gapMs = 0;
    for (const [name, reader] of readers) {
      const acceptedMs = this.stream(name).acceptedAt(reader.next);
      if (acceptedMs !== undefined) gapMs = Math.max(gapMs, nowMs - Math.max(acceptedMs, lastArrivalMs));
    }
    return gapMs;
  }

  #fault(kind: ClientKind, fault: keyof Faults, example: string): void {
    this.#faults[kind][fault] += 1;
    if (this.#examples.length < MOST_EXAMPLES) this.#examples.push(example);
  }

  #account(clientId: string): Account {
    const account = this.#accounts.get(clientId);
    if (account === undefined) throw new RangeError(`nobody knows ${clientId}`);
    return account;
  }
}

function createReader(kind: ClientKind): Reader {
  return kind === 'v1' ? new ExactReader() : new RepeatingReader();
}

function noFaults(): Record<ClientKind, Faults> {
  const none = (): Faults => ({ doubled: 0, reordered: 0, repeated: 0, misled: 0, toldLost: 0 });
  return { v1: none(), plain: none(), socketIo: none() };
}
