import type { Lease, LeaseObserver } from '@flotilla-im/store';
import type { Heartbeat } from '../plan/observation.ts';

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
  #newest = new Map<number, Lease>();
  #watchingSinceMs = -Infinity;

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
      this.#heardMs.set(lease.shard, Math.max(heardMs, this.#heardMs.get(lease.shard) ?? -Infinity));
      if (this.#isNewer(lease, this.#newest.get(lease.shard), nowMs)) this.#newest.set(lease.shard, lease);
    }
  }

  /** What is known of a shard at this time. */
  of(shard: number, nowMs: number): Heartbeat {
    const heardMs = Math.max(this.#heardMs.get(shard) ?? -Infinity, this.#watchingSinceMs);
    const silentForMs = nowMs - heardMs;
    if (silentForMs > this.#failoverAfterMs) return 'silent';
    if (silentForMs > this.#failoverAfterMs / 2) return 'quiet';
    const lease = this.#newest.get(shard);
    return lease !== undefined && this.#isProven(lease, nowMs) ? lease.state : 'unproven';
  }

  #beginWatch(nowMs: number): void {
    this.#watchingSinceMs = nowMs;
    this.#firstSeenMs.clear();
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
