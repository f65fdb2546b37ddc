import {
  createLeaseObserver,
  type Lease,
  type LeaseObserver,
  type PresenceStore,
  type Store,
} from '@flotilla-im/store';

/** How often the sweeping pod looks. */
export const SWEEPER_MS = 500;
/** How often the other pods look, so that whoever takes over has seen enough already. */
const LOOK_MS = 1_000;
/** A look that comes so much too late was held up by this pod, by its machine or by the store. */
const LATE_MS = 250;
/** The right to sweep outlives some looks, and is taken over soon. */
const HOLD_MS = 3_000;
/** Graces are ended so often. */
const GRACES_MS = 1_000;
/** Incarnations without a lease are looked for so often. */
const ORPHANS_MS = 10_000;

/** What the sweeper needs. */
export interface SweeperDeps {
  readonly store: Pick<Store, 'leases' | 'health'>;
  readonly presence: Pick<PresenceStore, 'reap' | 'sweep' | 'incarnations'>;
  /** Who this pod is among those that might sweep. */
  readonly holder: () => string;
  /** Monotonic milliseconds at which this pod's own heartbeat failed last. */
  readonly refusedAtMs: () => number;
  readonly leaseMs: number;
  readonly graceMs: number;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  readonly onReaped: (incarnation: string, clients: number) => void;
  readonly onFailure: (error: unknown) => void;
}

/**
 * Takes dead pods' connections out of presence and ends graces. One pod of the cluster does it at a time; several at once
 * would do no harm, each step being safe to repeat.
 */
export class Sweeper {
  readonly #deps: SweeperDeps;
  readonly #observer: LeaseObserver = createLeaseObserver();
  /** Incarnations seen without a lease, and since when. */
  #orphans: ReadonlyMap<string, number> = new Map();
  #orphansAtMs = Number.NEGATIVE_INFINITY;
  #gracesAtMs = Number.NEGATIVE_INFINITY;
  #isHolder = false;
  #lookedAtMs = Number.NEGATIVE_INFINITY;
  #observedAtMs = Number.NEGATIVE_INFINITY;
  /** Silent for the lease at the last look. */
  #silent: ReadonlySet<string> = new Set();
  #isSweeping = false;

  constructor(deps: SweeperDeps) {
    this.#deps = deps;
  }

  /** Never rejects. */
  async sweep(): Promise<void> {
    const nowMs = this.#deps.nowMs();
    if (this.#isSweeping || (!this.#isHolder && nowMs - this.#lookedAtMs < LOOK_MS)) return;
    this.#isSweeping = true;
    this.#lookedAtMs = nowMs;
    try {
      const { store, holder } = this.#deps;
      const { leases, dead } = await this.#observe();
      this.#isHolder = await store.leases.holdSweep(holder(), HOLD_MS);
      if (!this.#isHolder) return;
      for (const incarnation of dead) await this.#reap(incarnation);
      await this.#reapOrphans(leases);
      await this.#endGraces();
    } catch (error) {
      this.#deps.onFailure(error);
    } finally {
      this.#isSweeping = false;
    }
  }

  async #endGraces(): Promise<void> {
    const nowMs = this.#deps.nowMs();
    if (nowMs - this.#gracesAtMs < GRACES_MS) return;
    this.#gracesAtMs = nowMs;
    await this.#deps.presence.sweep();
  }

  /**
   * A store that answers and takes no writes (its disk is full) takes nobody's heartbeat: silence counts from when it took
   * this pod's own again.
   *
   * What made a look late may have kept the others from their heartbeats too, as when all are on one machine that stood
   * still: whom it finds silent is dead only if the next look does as well.
   */
  async #observe(): Promise<{ readonly leases: readonly Lease[]; readonly dead: readonly string[] }> {
    const { store, leaseMs, refusedAtMs } = this.#deps;
    const leases = await store.leases.list();
    const nowMs = this.#deps.nowMs();
    this.#observer.observe(leases, nowMs, Math.max(store.health().sinceMs, refusedAtMs()));
    const dueAfterMs = this.#isHolder ? SWEEPER_MS : LOOK_MS + SWEEPER_MS;
    const isLate = nowMs - this.#observedAtMs > dueAfterMs + LATE_MS;
    this.#observedAtMs = nowMs;
    const before = this.#silent;
    const silent = leases
      .map(({ incarnation }) => incarnation)
      .filter((incarnation) => this.#observer.silentForMs(incarnation, nowMs) > leaseMs);
    this.#silent = new Set(silent);
    return { leases, dead: isLate ? silent.filter((incarnation) => before.has(incarnation)) : silent };
  }

  async #reap(incarnation: string): Promise<void> {
    const clients = await this.#deps.presence.reap(incarnation, this.#deps.graceMs);
    // Last of all: whoever takes over from a sweeper that died halfway must find it again.
    await this.#deps.store.leases.release(incarnation);
    this.#deps.onReaped(incarnation, clients);
  }

  /** What a lost lease, or a pod that left in order but forgot something, left behind. */
  async #reapOrphans(leases: readonly Lease[]): Promise<void> {
    const nowMs = this.#deps.nowMs();
    if (nowMs - this.#orphansAtMs < ORPHANS_MS) return;
    this.#orphansAtMs = nowMs;
    const living = new Set(leases.map(({ incarnation }) => incarnation));
    const found = await this.#deps.presence.incarnations();
    const orphans = new Map<string, number>();
    for (const incarnation of found) {
      if (living.has(incarnation)) continue;
      const sinceMs = this.#orphans.get(incarnation) ?? nowMs;
      if (nowMs - sinceMs > this.#deps.leaseMs) await this.#reap(incarnation);
      else orphans.set(incarnation, sinceMs);
    }
    this.#orphans = orphans;
  }
}
