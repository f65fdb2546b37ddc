const PUBLISHED: ReadonlySet<string> = new Set(['message', 'smessage']);
const CONFIRMED: ReadonlySet<string> = new Set(['subscribe', 'ssubscribe', 'psubscribe']);

const LINE_FEED = 10;
const ARRAY = '*'.charCodeAt(0);
const PUSH = '>'.charCodeAt(0);

/** How many values a length `n` after each of these leads announces, besides the one that it is itself. */
const AGGREGATES: Readonly<Record<string, (n: number) => number>> = {
  '*': (n) => n - 1,
  '~': (n) => n - 1,
  '>': (n) => n - 1,
  '%': (n) => 2 * n - 1,
  // Attributes come before a value and are none themselves.
  '|': (n) => 2 * n,
};
const STRINGS: ReadonlySet<string> = new Set(['$', '!', '=']);
const LINES: ReadonlySet<string> = new Set(['+', '-', ':', '_', ',', '#', '(']);

/**
 * Reads what Redis says on one connection, in RESP 2 or 3, as far as needed to know where each reply ends, and leaves out the
 * published messages that `isDropped` picks. All other bytes pass unchanged and in order; only a line that is not complete is
 * kept until it is, since nobody could read it either. What is no RESP passes as it is.
 */
export class NotifyFilter {
  readonly #isDropped: () => boolean;
  #kept: Buffer = Buffer.alloc(0);
  /** Values that the present reply still lacks; 0 between two replies. */
  #missing = 0;
  /** Bytes that the present string still lacks, its line end included. */
  #lacking = 0;
  #isDropping = false;
  /** In RESP 2 an array is a published message only on a connection that subscribed. */
  #isSubscriber = false;
  #isForeign = false;

  /** @param isDropped - asked once for each published message */
  constructor(isDropped: () => boolean) {
    this.#isDropped = isDropped;
  }

  /** Takes what arrived next; returns what is to be passed on now. */
  push(chunk: Buffer): Buffer[] {
    if (this.#isForeign) return [chunk];
    const data = this.#kept.length === 0 ? chunk : Buffer.concat([this.#kept, chunk]);
    const passed: Buffer[] = [];
    let from = 0;
    let at = 0;
    for (let next: number | null = 0; next !== null && at < data.length;) {
      if (this.#missing === 0) {
        if (this.#isDropping) from = at;
        const isBegun = this.#begin(data, at);
        if (isBegun && this.#isDropping && at > from) passed.push(data.subarray(from, at));
        if (!isBegun) break;
      }
      next = this.#advance(data, at);
      at = next ?? at;
    }
    if (this.#missing === 0 && this.#isDropping) from = at;
    else if (!this.#isDropping && at > from) passed.push(data.subarray(from, at));
    this.#kept = data.subarray(at);
    return passed;
  }

  /** The connection ends: returns what was kept until now. */
  end(): Buffer[] {
    return this.#kept.length === 0 || this.#isDropping ? [] : [this.#kept];
  }

  /** A reply begins. Returns false while its head is not complete. */
  #begin(data: Buffer, at: number): boolean {
    this.#isDropping = false;
    const word = headOf(data, at);
    if (word === null) return false;
    if (CONFIRMED.has(word)) this.#isSubscriber = true;
    const isPublished = PUBLISHED.has(word) && (data[at] === PUSH || this.#isSubscriber);
    this.#isDropping = isPublished && this.#isDropped();
    this.#missing = 1;
    return true;
  }

  /** Reads on by one line, or by what is there of a string. Returns the new place; null where a line is not complete. */
  #advance(data: Buffer, at: number): number | null {
    if (this.#lacking > 0) {
      const taken = Math.min(this.#lacking, data.length - at);
      this.#lacking -= taken;
      if (this.#lacking === 0) this.#missing -= 1;
      return at + taken;
    }
    const end = data.indexOf(LINE_FEED, at);
    if (end === -1) return null;
    this.#readLine(String.fromCharCode(data[at] ?? 0), data, at + 1, end - 1);
    return this.#isForeign ? data.length : end + 1;
  }

  #readLine(lead: string, data: Buffer, from: number, to: number): void {
    if (LINES.has(lead)) {
      this.#missing -= 1;
      return;
    }
    const count = Number(data.toString('latin1', from, to));
    const aggregate = AGGREGATES[lead];
    if (!Number.isInteger(count) || (aggregate === undefined && !STRINGS.has(lead))) this.#isForeign = true;
    else if (count < 0) this.#missing -= 1;
    else if (aggregate === undefined) this.#lacking = count + 2;
    else this.#missing += aggregate(count);
  }
}

/** The first word of an array or push of three; empty for any other reply, null while it has not arrived. */
function headOf(data: Buffer, at: number): string | null {
  if (data[at] !== ARRAY && data[at] !== PUSH) return '';
  const first = data.indexOf(LINE_FEED, at);
  if (first === -1) return null;
  if (data.toString('latin1', at + 1, first - 1) !== '3') return '';
  const second = data.indexOf(LINE_FEED, first + 1);
  if (second === -1) return null;
  const [, length] = /^\$(\d{1,2})$/u.exec(data.toString('latin1', first + 1, second - 1)) ?? [];
  if (length === undefined) return '';
  const end = second + 1 + Number(length);
  return data.length < end + 2 ? null : data.toString('latin1', second + 1, end);
}
