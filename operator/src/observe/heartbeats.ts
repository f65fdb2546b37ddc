import type { Lease, LeaseObserver } from '@flotilla-im/store';
import type { Heartbeat } from '../plan/observation.ts';
import { RECONNECT_MS, StoreProof } from './store-proof.ts';

/**
 * How long shards may take to be seen ready again after the store was away: they have to hear it, and whoever probes them
 * must have asked. Milliseconds.
 */
const READY_AGAIN_MS = 30_000;

/** After so many times of what makes a shard silent, nobody who lives may be thought dead because of one stall of the store. */
const LONG_SILENCES = 3;

/**
 * What heartbeats say of each shard. Judged on this process's monotonic clock only: a shard is silent when nothing was
 * heard of it for `failoverAfterMs`, during all of which the observer could hear; it is proven to live when its counter
 * moved, or its lease appeared, while the observer was watching. What an answer says is certain only for the time at which
 * it was asked for: a store that hangs for a moment serves those who wait in any order.
 */
export class Heartbeats {
  readonly #leases: LeaseObserver;
  readonly #failoverAfterMs: number;
  /** When each incarnation was first seen, since the watch began. */
  #firstSeenMs = new Map<string, number>();
  /** When each shard was last heard, whichever of its incarnations. */
  readonly #heardMs = new Map<number, number>();
  readonly #proof: StoreProof;
  #newest = new Map<number, Lease>();
  #watchingSinceMs = -Infinity;
  /** When the last list was asked for: silence is known until then. */
  #askedMs = -Infinity;
  /** Silence does not count before this. */
  #silenceFromMs = -Infinity;

  constructor(leases: LeaseObserver, failoverAfterMs: number) {
    this.#leases = leases;
    this.#failoverAfterMs = failoverAfterMs;
    this.#proof = new StoreProof(failoverAfterMs);
  }

  /**
   * Call with each list of leases that was read, when, since when the store has been healthy, and when the list was asked
   * for; monotonic milliseconds.
   */
  observe(leases: readonly Lease[], nowMs: number, storeHealthySinceMs: number, askedMs = nowMs): void {
    this.#leases.observe(leases, nowMs, storeHealthySinceMs);
    this.#askedMs = askedMs;
    if (storeHealthySinceMs > this.#watchingSinceMs || this.#watchingSinceMs === -Infinity) this.#beginWatch(nowMs);
    // The shards waited as well, and some of them may have given up and connect anew.
    if (nowMs - askedMs > this.#failoverAfterMs / 2) this.#silenceFromMs = Math.max(this.#silenceFromMs, nowMs);
    this.#firstSeenMs = new Map(
      leases.map(({ incarnation }) => [incarnation, this.#firstSeenMs.get(incarnation) ?? nowMs]),
    );
    this.#newest = new Map();
    const lastHeardMs = this.#lastHeardMs;
    for (const lease of leases) {
      const heardMs = nowMs - this.#leases.silentForMs(lease.incarnation, nowMs);
      this.#proof.hear(lease.shard, heardMs);
      this.#heardMs.set(lease.shard, Math.max(heardMs, this.#heardMs.get(lease.shard) ?? -Infinity));
      if (this.#isNewer(lease, this.#newest.get(lease.shard), nowMs)) this.#newest.set(lease.shard, lease);
    }
    // Nobody was heard: it was the store that took no heartbeats, though it could be read.
    const allSilentMs = lastHeardMs === -Infinity ? 0 : this.#lastHeardMs - lastHeardMs;
    if (allSilentMs > this.#failoverAfterMs) this.#forgiveSilence(nowMs);
  }

  /** What is known of a shard at this time. */
  of(shard: number, nowMs: number): Heartbeat {
    const silentForMs = this.#silentForMs(shard, nowMs);
    if (silentForMs > this.#failoverAfterMs) return 'silent';
    if (silentForMs > this.#failoverAfterMs / 2) return 'quiet';
    const lease = this.#newest.get(shard);
    return lease !== undefined && this.#isProven(lease, nowMs) ? lease.state : 'unproven';
  }

  /** Whether the store is well beyond doubt; see `isStoreProven` of an observation. */
  isStoreProven(nowMs: number): boolean {
    if (this.#proof.holds(nowMs, 'strict')) return true;
    const silences = [...this.#heardMs.keys()].map((shard) => this.#silentForMs(shard, nowMs));
    const isNew = silences.some((ms) => ms > this.#failoverAfterMs && ms <= LONG_SILENCES * this.#failoverAfterMs);
    return !isNew && this.#proof.holds(nowMs, 'patient');
  }

  /** Whether the store was away so lately that a shard which is well may not have been seen ready again. */
  isReadinessStale(nowMs: number): boolean {
    return nowMs - this.#watchingSinceMs < READY_AGAIN_MS;
  }

  #silentForMs(shard: number, nowMs: number): number {
    return Math.min(nowMs, this.#askedMs) - Math.max(this.#heardMs.get(shard) ?? -Infinity, this.#silenceFromMs);
  }

  /** When any shard was heard last. */
  get #lastHeardMs(): number {
    return Math.max(-Infinity, ...this.#heardMs.values());
  }

  /** The store was away, or took no writes, for example because its disk was full: not all shards are back at once. */
  #forgiveSilence(nowMs: number): void {
    this.#silenceFromMs = Math.max(this.#silenceFromMs, nowMs + RECONNECT_MS);
  }

  #beginWatch(nowMs: number): void {
    // Of the first watch nobody knows that the store was not away.
    this.#forgiveSilence(nowMs);
    this.#watchingSinceMs = nowMs;
    this.#firstSeenMs.clear();
    this.#proof.reset();
  }

  #isProven({ incarnation }: Lease, nowMs: number): boolean {
    return this.#leases.silentForMs(incarnation, nowMs) < nowMs - this.#watchingSinceMs;
  }

  /** Of two lives of a shard the later one counts; of two first seen together the one heard last. */
  #isNewer(lease: Lease, other: Lease | undefined, nowMs: number): boolean {
    if (other === undefined) return true;
    const seen = ({ incarnation }: Lease): number => this.#firstSeenMs.get(incarnation) ?? nowMs;
    if (seen(lease) !== seen(other)) return seen(lease) > seen(other);
    return this.#leases.silentForMs(lease.incarnation, nowMs) < this.#leases.silentForMs(other.incarnation, nowMs);
  }
}
