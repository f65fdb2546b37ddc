import type { LeaseStore, ShardReport } from '@flotilla-im/store';
import type { Persistence } from '../shard/persistence.ts';

/** What an incarnation needs. */
export interface IncarnationDeps {
  readonly shard: number;
  readonly leases: Pick<LeaseStore, 'register' | 'heartbeat' | 'release'>;
  readonly persistence: Persistence;
  readonly report: () => ShardReport;
  readonly newId: () => string;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  /** The pod lives on under a new incarnation: all it had in the store is to be written again. */
  readonly onRenewed: () => void;
}

/**
 * One life of the pod in the store. The lease lapses when others see no heartbeat for its length; what this incarnation
 * writes after that is refused (`fenced`), and the pod registers a new one and takes its connections along.
 */
export class Incarnation {
  readonly #deps: IncarnationDeps;
  #id: string;
  #renewing: Promise<void> | null = null;
  #beatAtMs = Number.NEGATIVE_INFINITY;
  #refusedAtMs = Number.NEGATIVE_INFINITY;
  #isBeating = false;
  #isReleased = false;

  constructor(deps: IncarnationDeps) {
    this.#deps = deps;
    this.#id = deps.newId();
  }

  get id(): string {
    return this.#id;
  }

  /** Monotonic milliseconds of the last heartbeat the store confirmed. */
  get beatAtMs(): number {
    return this.#beatAtMs;
  }

  /** Monotonic milliseconds of the last heartbeat that failed: no other pod's can have been taken for sure until then. */
  get refusedAtMs(): number {
    return this.#refusedAtMs;
  }

  /** Rejects when the store cannot be reached. */
  async register(): Promise<void> {
    const startedAtMs = this.#deps.nowMs();
    await this.#deps.leases.register(this.#deps.shard, this.#id, this.#deps.report());
    this.#beatAtMs = startedAtMs;
  }

  /** Never rejects: a heartbeat that fails is followed by the next one. */
  async beat(): Promise<void> {
    if (this.#isBeating || this.#renewing !== null || this.#isReleased) return;
    this.#isBeating = true;
    const startedAtMs = this.#deps.nowMs();
    const id = this.#id;
    try {
      const outcome = await this.#deps.leases.heartbeat(this.#deps.shard, id, this.#deps.report());
      if (outcome === 'ok') this.#beatAtMs = startedAtMs;
      else this.renew(id);
    } catch {
      // The store is away, or takes no writes: nothing closes because of that.
      this.#refusedAtMs = this.#deps.nowMs();
    } finally {
      this.#isBeating = false;
    }
  }

  /** The store knows the incarnation no more. Does nothing when that is known already, or wanted. */
  renew(seen: string): void {
    if (seen !== this.#id || this.#renewing !== null || this.#isReleased) return;
    const id = this.#deps.newId();
    this.#renewing = this.#deps.persistence
      .until('register', () => this.#deps.leases.register(this.#deps.shard, id, this.#deps.report()))
      .then(() => {
        this.#id = id;
        this.#beatAtMs = this.#deps.nowMs();
        this.#deps.onRenewed();
      })
      .catch(() => {
        // The pod is closing.
      })
      .finally(() => {
        this.#renewing = null;
      });
  }

  /**
   * Runs something under the incarnation; when it turns out to be fenced, once more under the next one.
   *
   * @throws what the task throws
   */
  async under<T>(task: (incarnation: string) => Promise<T | 'fenced'>): Promise<T | 'fenced'> {
    const id = this.#id;
    const outcome = await task(id);
    if (outcome !== 'fenced') return outcome;
    this.renew(id);
    await this.#renewing;
    return this.#id === id ? 'fenced' : task(this.#id);
  }

  /**
   * Gives the lease back, after all connections are gone. From the call on no other is taken: a lease that nobody keeps
   * would look like a lost shard to the others.
   *
   * @param forget - takes what the store has under the incarnation; first, so that somebody else does when it fails
   * @throws what `forget` throws, and what the store does
   */
  async release(forget: (incarnation: string) => Promise<unknown>): Promise<void> {
    this.#isReleased = true;
    await this.#renewing;
    await forget(this.#id);
    await this.#deps.leases.release(this.#id);
  }
}
