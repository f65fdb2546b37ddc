/** Pages in a call say so every 15 s, by which the service counts as well: one that is silent for so long was left behind. */
export const SIGN_HOLDS_MS = 60_000;

/** Calls whose end is remembered: a sign may come after it, by another log. */
const REMEMBERED = 50;

/**
 * The calls of this person on other pages. A call is a channel of the two in it, so that all their pages hear its signs, also
 * those that are opened amid it. No clock of its own: time is an argument, in milliseconds.
 */
export class CallsElsewhere {
  readonly #signs = new Map<string, number>();
  readonly #leftOut: string[] = [];

  /** Somebody is in the call. */
  sign(call: string, nowMs: number): void {
    if (!this.#leftOut.includes(call)) this.#signs.set(call, nowMs);
  }

  /** It is over, or this page's own; nothing that is said of it from now on counts. */
  leaveOut(call: string): void {
    this.#signs.delete(call);
    if (this.#leftOut.includes(call)) return;
    this.#leftOut.push(call);
    if (this.#leftOut.length > REMEMBERED) this.#leftOut.shift();
  }

  /** Whether this person is in a call on another page. */
  isAny(nowMs: number): boolean {
    for (const [call, atMs] of this.#signs) if (nowMs - atMs >= SIGN_HOLDS_MS) this.#signs.delete(call);
    return this.#signs.size > 0;
  }
}
