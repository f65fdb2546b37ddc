/** Ids that were seen, kept for a while; all of them for equally long. */
export class SeenIds {
  readonly #untilMs = new Map<string, number>();

  has(id: string, now: number): boolean {
    for (const [known, untilMs] of this.#untilMs) {
      if (untilMs > now) break;
      this.#untilMs.delete(known);
    }
    return this.#untilMs.has(id);
  }

  add(id: string, untilMs: number): void {
    this.#untilMs.set(id, untilMs);
  }
}
