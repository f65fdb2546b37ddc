/**
 * How long shards may take to find their way back to a store that was away: until then nobody is called silent, and the
 * heartbeats of some prove nothing about others. A shard needs at most 2 s for an attempt that began too early, 1 s before the
 * next one, 0.5 s until its next heartbeat; and where it has to register anew, 1.5 s more. Milliseconds.
 */
export const RECONNECT_MS = 5_000;

interface Steadiness {
  /** A longer gap between heartbeats is a break. */
  readonly gapMs: number;
  /** So long without a break is a proof. */
  readonly forMs: number;
}

/** How strict a proof is; see {@link StoreProof}. */
export type Strictness = 'strict' | 'patient';

/**
 * The proof that the store is well: some shard's heartbeats were taken and read without a break for longer than others
 * need to be called silent. A machine may be too busy for that, and yet a lost one must not go unnoticed for ever because
 * those that are left stutter: so there is a patient proof, with breaks of twice that length over five times as long. It
 * says nothing about those who fell silent only now.
 */
export class StoreProof {
  readonly #rules: Readonly<Record<Strictness, Steadiness>>;
  /** Since when each shard was heard without a break. */
  readonly #since: Readonly<Record<Strictness, Map<number, number>>> = { strict: new Map(), patient: new Map() };
  readonly #heardMs = new Map<number, number>();

  /** @param silentAfterMs - after so long without a heartbeat a shard is called silent */
  constructor(silentAfterMs: number) {
    this.#rules = {
      strict: { gapMs: silentAfterMs / 2, forMs: silentAfterMs + RECONNECT_MS },
      patient: { gapMs: silentAfterMs, forMs: 5 * silentAfterMs + RECONNECT_MS },
    };
  }

  /** A shard was heard at that time; the same time may be told again. */
  hear(shard: number, heardMs: number): void {
    const before = this.#heardMs.get(shard) ?? -Infinity;
    if (heardMs <= before) return;
    this.#heardMs.set(shard, heardMs);
    for (const strictness of ['strict', 'patient'] as const) {
      if (heardMs - before > this.#rules[strictness].gapMs) this.#since[strictness].set(shard, heardMs);
    }
  }

  /** The store was away: everything has to be proven anew. */
  reset(): void {
    this.#heardMs.clear();
    this.#since.strict.clear();
    this.#since.patient.clear();
  }

  /** Whether it is given at this time. */
  holds(nowMs: number, strictness: Strictness): boolean {
    const { gapMs, forMs } = this.#rules[strictness];
    return [...this.#since[strictness]].some(([shard, sinceMs]) => {
      const isHeard = nowMs - (this.#heardMs.get(shard) ?? -Infinity) <= gapMs;
      return isHeard && nowMs - sinceMs > forMs;
    });
  }
}
