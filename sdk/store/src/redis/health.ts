import type { StoreHealth } from '../store.ts';

/** What the monitor needs to find out whether the store answers again. */
export interface HealthProbe {
  /** Resolves when every node answered, rejects otherwise; must settle by itself. */
  readonly ping: () => Promise<void>;
  /** Milliseconds between probes of an ill store. */
  readonly intervalMs: number;
}

/**
 * Health of the connection to the shared state. One failure makes it ill at once; only a probe of every node that
 * succeeds makes it well again, because on a cluster the success of one node says nothing about the others.
 */
export class HealthMonitor {
  readonly #probe: HealthProbe;
  #health: StoreHealth = { isHealthy: true, sinceMs: performance.now() };
  #timer: NodeJS.Timeout | null = null;
  #failures = 0;
  #isClosed = false;

  constructor(probe: HealthProbe) {
    this.#probe = probe;
  }

  /** The present state. */
  get current(): StoreHealth {
    return this.#health;
  }

  /** A command could not reach the store, or a connection closed. */
  reportFailure(): void {
    this.#failures += 1;
    if (this.#isClosed) return;
    if (this.#health.isHealthy) this.#health = { isHealthy: false, sinceMs: performance.now() };
    this.#timer ??= setTimeout(() => this.#check(), this.#probe.intervalMs);
  }

  /** Ends the probing. */
  close(): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #check(): void {
    const failuresBefore = this.#failures;
    const settled = (isWell: boolean) => {
      this.#timer = null;
      if (this.#isClosed) return;
      // A failure reported while the probe was under way may be younger than the probe's answer.
      if (isWell && this.#failures === failuresBefore) this.#health = { isHealthy: true, sinceMs: performance.now() };
      else this.#timer = setTimeout(() => this.#check(), this.#probe.intervalMs);
    };
    this.#probe.ping().then(
      () => settled(true),
      () => settled(false),
    );
  }
}
