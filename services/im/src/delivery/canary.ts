/**
 * Judges the delivery path from the store: canaries are published through another connection and must come back through
 * the subscription.
 */
export class Canary {
  readonly #deadlineMs: number;
  readonly #underway = new Map<string, number>();
  /** When the latest canary that came back was sent. */
  #provenAtMs = Number.NEGATIVE_INFINITY;

  /** @param deadlineMs - the path counts as dead when nothing sent within it has come back */
  constructor(deadlineMs: number) {
    this.#deadlineMs = deadlineMs;
  }

  /** A canary is being published. */
  sent(id: string, nowMs: number): void {
    for (const [old, sentAtMs] of this.#underway) {
      if (nowMs - sentAtMs > this.#deadlineMs) this.#underway.delete(old);
    }
    this.#underway.set(id, nowMs);
  }

  /** A canary came back. */
  heard(id: string): void {
    const sentAtMs = this.#underway.get(id);
    if (sentAtMs === undefined) return;
    this.#underway.delete(id);
    this.#provenAtMs = Math.max(this.#provenAtMs, sentAtMs);
  }

  /** The subscription ended: what came back before proves nothing any more. */
  broken(): void {
    this.#provenAtMs = Number.NEGATIVE_INFINITY;
    this.#underway.clear();
  }

  isAlive(nowMs: number): boolean {
    return nowMs - this.#provenAtMs <= this.#deadlineMs;
  }
}
