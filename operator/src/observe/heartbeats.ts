import type { Lease, LeaseObserver } from '@flotilla-im/store';
import type { Heartbeat } from '../plan/observation.ts';

/**
 * How long shards may take to find their way back to a store that was away: until then nobody is called silent, and the
 * heartbeats of some prove nothing about others. They retry each second at the latest. Milliseconds.
 */
const RECONNECT_MS = 3_000;

/**
 * What heartbeats say of each shard. Judged on this process's monotonic clock only: a shard is silent when nothing was
 * heard of it for `failoverAfterMs`, during all of which the observer could hear; it is proven to live when its counter
 * moved, or its lease appeared, while the observer was watching.
 */
export class Heartbeats {
  readonly #leases: LeaseObserver;
  readonly #failoverAfterMs: number;
  /** When each incarnation was first seen, since the watch began. */
  #firstSeenMs = new Map<string, number>();
  /** When each shard was last heard, whichever of its incarnations. */
  readonly #heardMs = new Map<number, number>();
  /** Since when each shard was heard without a gap. */
  readonly #steadyMs = new Map<number, number>();
  #newest = new Map<number, Lease>();
  #watchingSinceMs = -Infinity;
  /** Silence does not count before this. */
  #silenceFromMs = -Infinity;

  constructor(leases: LeaseObserver, failoverAfterMs: number) {
    this.#leases = leases;
    this.#failoverAfterMs = failoverAfterMs;
  }

  /** Call with each list of leases that was read, when, and since when the store has been healthy; monotonic milliseconds. */
  observe(leases: readonly Lease[], nowMs: number, storeHealthySinceMs: number): void {
    this.#leases.observe(leases, nowMs, storeHealthySinceMs);
    if (storeHealthySinceMs > this.#watchingSinceMs || this.#watchingSinceMs === -Infinity) this.#beginWatch(nowMs);
    this.#firstSeenMs = new Map(
      leases.map(({ incarnation }) => [incarnation, this.#firstSeenMs.get(incarnation) ?? nowMs]),
    );
    this.#newest = new Map();
    for (const lease of leases) {
      const heardMs = nowMs - this.#leases.silentForMs(lease.incarnation, nowMs);
      this.#hear(lease.shard, heardMs);
      if (this.#isNewer(lease, this.#newest.get(lease.shard), nowMs)) this.#newest.set(lease.shard, lease);
    }
  }

  /** What is known of a shard at this time. */
  of(shard: number, nowMs: number): Heartbeat {
    const heardMs = Math.max(this.#heardMs.get(shard) ?? -Infinity, this.#silenceFromMs);
    const silentForMs = nowMs - heardMs;
    if (silentForMs > this.#failoverAfterMs) return 'silent';
    if (silentForMs > this.#failoverAfterMs / 2) return 'quiet';
    const lease = this.#newest.get(shard);
    return lease !== undefined && this.#isProven(lease, nowMs) ? lease.state : 'unproven';
  }

  /** Whether the store is well beyond doubt; see `isStoreProven` of an observation. */
  isStoreProven(nowMs: number): boolean {
    return [...this.#steadyMs].some(([shard, sinceMs]) => {
      const isHeard = nowMs - (this.#heardMs.get(shard) ?? -Infinity) <= this.#failoverAfterMs / 2;
      return isHeard && nowMs - sinceMs > this.#failoverAfterMs + RECONNECT_MS;
    });
  }

  #beginWatch(nowMs: number): void {
    // Of the first watch nobody knows that the store was away before; later ones begin because it was.
    this.#silenceFromMs = this.#watchingSinceMs === -Infinity ? nowMs : nowMs + RECONNECT_MS;
    this.#watchingSinceMs = nowMs;
    this.#firstSeenMs.clear();
    this.#steadyMs.clear();
  }

  #hear(shard: number, heardMs: number): void {
    const before = this.#heardMs.get(shard) ?? -Infinity;
    if (heardMs <= before && this.#steadyMs.has(shard)) return;
    if (heardMs - before > this.#failoverAfterMs / 2 || !this.#steadyMs.has(shard)) this.#steadyMs.set(shard, heardMs);
    this.#heardMs.set(shard, Math.max(before, heardMs));
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
