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
/** The right to sweep outlives some looks, and is taken over soon. */
const HOLD_MS = 3_000;
/** Graces are ended so often: it costs a step a partition. */
const GRACES_MS = 1_000;
/** Incarnations without a lease are looked for so often. */
const ORPHANS_MS = 10_000;

/** What the sweeper needs. */
export interface SweeperDeps {
  readonly store: Pick<Store, 'leases' | 'health'>;
  readonly presence: Pick<PresenceStore, 'reap' | 'sweep' | 'incarnations'>;
  /** Who this pod is among those that might sweep. */
  readonly holder: () => string;
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
      const leases = await this.#observe();
      this.#isHolder = await store.leases.holdSweep(holder(), HOLD_MS);
      if (!this.#isHolder) return;
      for (const { incarnation } of leases) {
        if (this.#observer.silentForMs(incarnation, this.#deps.nowMs()) > this.#deps.leaseMs)
          await this.#reap(incarnation);
      }
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

  async #observe(): Promise<readonly Lease[]> {
    const { store, nowMs } = this.#deps;
    const leases = await store.leases.list();
    this.#observer.observe(leases, nowMs(), store.health().sinceMs);
    return leases;
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
