/** A shorter one is a hiccup of the network: what was sent meanwhile has hardly waited. */
const ABSENCE_MS = 5_000;

/** When this person was last away from this page: messages accepted before its end have waited. */
export class Absence {
  /** Away since then, by the page's clock; null: here. A page that opens comes from far away. */
  #sinceMs: number | null = -Infinity;
  /** By the service's clock. */
  #endedAt = -Infinity;

  /** The connection was lost. Safe to repeat. */
  begin(nowMs: number): void {
    this.#sinceMs ??= nowMs;
  }

  /** An address was given; @param serviceNow - the service's clock then, in milliseconds since 1970 */
  returning(nowMs: number, serviceNow: number): void {
    if (this.#sinceMs !== null && nowMs - this.#sinceMs >= ABSENCE_MS) this.#endedAt = serviceNow;
  }

  /** Connected. */
  end(): void {
    this.#sinceMs = null;
  }

  /** Whether a message accepted then has waited. */
  covers(at: number): boolean {
    return at < this.#endedAt;
  }
}
