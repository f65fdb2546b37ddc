import { type Column, floatColumn, wholeColumn } from './column.ts';
import { Groups } from './groups.ts';

/** Journals contradict each other in a way that no system under test could cause. */
export class ImpossibleHistory extends Error {
  override readonly name = 'ImpossibleHistory';
}

interface Rows {
  readonly t: Column<Float64Array>;
  readonly life: Column<Int32Array>;
  readonly log: Column<Int32Array>;
  readonly n: Column<Int32Array>;
}

/** What senders wrote down, as it was read. Lives and logs are numbers. */
export class SendRecords {
  readonly intents = createRows();
  readonly accepted = createRows();
  readonly failed = createRows();
  /** For each acceptance 1 where another life than the message's own was told of it: it had been sent again. */
  readonly acceptedByOther = wholeColumn();
}

/** Appends a row. */
export function pushRow(rows: Rows, tMs: number, life: number, log: number, n: number): void {
  rows.t.push(tMs);
  rows.life.push(life);
  rows.log.push(log);
  rows.n.push(n);
}

interface Life {
  readonly life: number;
  /** Its messages are at these places, in the order of their numbers. */
  readonly from: number;
  readonly to: number;
}

/**
 * All messages, those of a log side by side in the order in which they were sent: a life of its sender after the other, by
 * number in each. What is known of a message stands at its place in each of the arrays.
 */
export class Messages {
  readonly life: Int32Array;
  readonly n: Int32Array;
  readonly log: Int32Array;
  readonly intentMs: Float64Array;
  /** NaN: nobody was told that it is. */
  readonly acceptedMs: Float64Array;
  /** 1: it was sent more than once, with the same key. */
  readonly resent: Uint8Array;
  readonly #starts: Int32Array;
  readonly #lives = new Map<number, readonly Life[]>();

  /** @throws ImpossibleHistory for an answer to what nobody sent, or a message that is numbered twice */
  constructor(records: SendRecords, logs: number) {
    const { intents, accepted, failed, acceptedByOther } = records;
    const count = intents.t.length;
    this.life = new Int32Array(count);
    this.n = new Int32Array(count);
    this.log = new Int32Array(count);
    this.intentMs = new Float64Array(count);
    this.acceptedMs = new Float64Array(count).fill(NaN);
    this.resent = new Uint8Array(count);
    this.#starts = new Int32Array(logs + 1);
    const groups = new Groups(intents.log.values(), logs);
    for (let log = 0, at = 0; log < logs; log += 1) {
      const places = groups.of(log);
      this.#place(log, at, intents, orderOf(places, intents));
      at += places.length;
      this.#starts[log + 1] = at;
    }
    for (let row = 0; row < accepted.t.length; row += 1) {
      const place = this.#known(accepted, row);
      this.acceptedMs[place] = accepted.t.at(row);
      if (acceptedByOther.at(row) === 1) this.resent[place] = 1;
    }
    for (let row = 0; row < failed.t.length; row += 1) this.resent[this.#known(failed, row)] = 1;
  }

  get count(): number {
    return this.n.length;
  }

  /** Where the messages of a log begin, and where they end. */
  range(log: number): readonly [from: number, to: number] {
    return [this.#starts[log] ?? 0, this.#starts[log + 1] ?? 0];
  }

  /** The place of a message; -1 when nobody meant to send it. */
  find(log: number, life: number, n: number): number {
    for (const { life: other, from, to } of this.#lives.get(log) ?? []) {
      if (other !== life) continue;
      const place = from + n - (this.n[from] ?? 0);
      return place >= from && place < to && this.n[place] === n ? place : -1;
    }
    return -1;
  }

  isAccepted(place: number): boolean {
    return !Number.isNaN(this.acceptedMs[place]);
  }

  #place(log: number, from: number, { t, life, n }: Rows, order: readonly number[]): void {
    const lives: Life[] = [];
    for (const [i, row] of order.entries()) {
      const place = from + i;
      this.life[place] = life.at(row);
      this.n[place] = n.at(row);
      this.log[place] = log;
      this.intentMs[place] = t.at(row);
      const last = lives.at(-1);
      if (last?.life !== life.at(row)) lives.push({ life: life.at(row), from: place, to: place + 1 });
      else if (n.at(row) !== n.at(order[i - 1] ?? NaN) + 1) throw new ImpossibleHistory('a sender left a number out');
      else lives[lives.length - 1] = { ...last, to: place + 1 };
    }
    this.#lives.set(log, lives);
  }

  #known({ life, log, n }: Rows, row: number): number {
    const place = this.find(log.at(row), life.at(row), n.at(row));
    if (place < 0) throw new ImpossibleHistory(`an answer to message ${n.at(row)}, which nobody meant to send`);
    return place;
  }
}

function createRows(): Rows {
  return { t: floatColumn(), life: wholeColumn(), log: wholeColumn(), n: wholeColumn() };
}

/** Rows of one log: lives by when they sent to it first, numbers ascending. */
function orderOf(rows: Int32Array, { t, life, n }: Rows): number[] {
  const began = new Map<number, number>();
  for (const row of rows) began.set(life.at(row), Math.min(began.get(life.at(row)) ?? Infinity, t.at(row)));
  const beganMs = (row: number): number => began.get(life.at(row)) ?? 0;
  return [...rows].sort((a, b) => beganMs(a) - beganMs(b) || life.at(a) - life.at(b) || n.at(a) - n.at(b));
}
