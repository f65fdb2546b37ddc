/** A gap is a move's when a part of it lies within so long before or after the new connection. */
const AROUND_MS = 1_000;

interface Gap {
  readonly ms: number;
  readonly endMs: number;
}

/** What one client's moves cost it: for each new connection the longest time around it in which something was due and nothing came. */
export class MoveGaps {
  /** Of moves that are over. */
  #done: number[] = [];
  /** Gaps that a move may still be found beside. */
  #recent: Gap[] = [];
  /** The newest move: when, and its longest gap so far. */
  #newest: { readonly atMs: number; ms: number } | null = null;

  /** Whether there was a move in this window. */
  get hasMoved(): boolean {
    return this.#newest !== null;
  }

  /** A new connection serves the client. */
  moved(nowMs: number): void {
    if (this.#newest) this.#done.push(this.#newest.ms);
    const before = this.#recent.filter(({ endMs }) => endMs >= nowMs - AROUND_MS).map(({ ms }) => ms);
    this.#newest = { atMs: nowMs, ms: Math.max(0, ...before) };
  }

  /** Something arrived for which the client had waited so long. */
  ended(ms: number, endMs: number): void {
    this.#recent = this.#recent.filter((gap) => gap.endMs >= endMs - AROUND_MS);
    this.#recent.push({ ms, endMs });
    if (this.#newest && endMs - ms <= this.#newest.atMs + AROUND_MS) this.#newest.ms = Math.max(this.#newest.ms, ms);
  }

  /** One for each move, in milliseconds. @param openMs how long the client has been waiting for something now */
  all(openMs: number, nowMs: number): number[] {
    if (this.#newest === null) return this.#done;
    const isOwn = nowMs - openMs <= this.#newest.atMs + AROUND_MS;
    return [...this.#done, Math.max(this.#newest.ms, isOwn ? openMs : 0)];
  }

  /** Begins a new window. */
  clear(): void {
    this.#done = [];
    this.#newest = null;
  }
}
