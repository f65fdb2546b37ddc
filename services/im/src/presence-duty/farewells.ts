import { type Cursors, type DisconnectRequest, partitionOf, type PresenceStore } from '@flotilla-im/store';
import type { Persistence } from '../shard/persistence.ts';

/** The end of a connection that the store knows. */
export interface Farewell {
  readonly clientId: string;
  readonly connection: string;
  readonly graceMs: number;
  readonly reason: string;
  readonly cursors: Cursors | null;
  /** Its token's id. */
  readonly token: string;
  /** Whether nobody knows if the store has heard of it or will yet. */
  readonly isDoubtful: boolean;
  /** As the store knows it, or knew it in another life of its partition; null where it may never have. */
  readonly known: NonNullable<DisconnectRequest['known']> | null;
}

/** How far behind its master a replica may be that is promoted, and how long after its grace a client's end is mostly told. */
const LAG_MS = 10_000;
const SWEPT_MS = 2_000;

/** So many are on their way at a time: when all connections end at once, heartbeats and arrivals would wait behind them. */
const MOST = 200;

/** What farewells need. */
export interface FarewellsDeps {
  readonly presence: Pick<PresenceStore, 'disconnect'>;
  readonly incarnation: { readonly id: string };
  readonly persistence: Persistence;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

/**
 * Tells the store of connections that ended, until it has heard: the pod's lease goes on, so nobody else would take a
 * forgotten entry away.
 */
export class Farewells {
  readonly #deps: FarewellsDeps;
  readonly #underway = new Set<Promise<void>>();
  /** The last one under way of each client: what the store makes of one depends on those before it. */
  readonly #lastOf = new Map<string, Promise<void>>();
  readonly #waiting: Farewell[] = [];
  /** In the order in which they were said; until when their client may be waited for, and until when they are kept. */
  readonly #recent: { readonly farewell: Farewell; readonly sweptMs: number; readonly untilMs: number }[] = [];

  constructor(deps: FarewellsDeps) {
    this.#deps = deps;
  }

  say(farewell: Farewell): void {
    const nowMs = this.#deps.nowMs();
    const kept = this.#recent.findIndex(({ untilMs }) => untilMs > nowMs);
    this.#recent.splice(0, kept < 0 ? this.#recent.length : kept);
    const sweptMs = nowMs + farewell.graceMs + (farewell.graceMs > 0 ? SWEPT_MS : 0);
    this.#recent.push({ farewell, sweptMs, untilMs: Math.max(sweptMs, nowMs + LAG_MS) });
    this.#tell(farewell);
  }

  /**
   * The store may have forgotten ends of connections of these partitions (null: of all), or the graces that began with them, and
   * nobody else knows of them: what was said of late is said again. Where nothing was forgotten, that does nothing.
   */
  again(partitions: ReadonlySet<number> | null): void {
    const nowMs = this.#deps.nowMs();
    for (const { farewell, sweptMs, untilMs } of this.#recent) {
      if (untilMs <= nowMs || partitions?.has(partitionOf(farewell.clientId)) === false) continue;
      // That the client is offline has been told already, if it is.
      this.#tell(sweptMs <= nowMs ? { ...farewell, known: null } : farewell);
    }
  }

  #tell(farewell: Farewell): void {
    if (this.#underway.size >= MOST) this.#waiting.push(farewell);
    else this.#send(farewell);
  }

  #send({ cursors, known, ...farewell }: Farewell): void {
    const { presence, incarnation, persistence } = this.#deps;
    const { clientId } = farewell;
    const say = (): Promise<unknown> =>
      persistence.until('disconnect', () =>
        presence.disconnect({
          ...farewell,
          incarnation: incarnation.id,
          ...(cursors === null ? {} : { cursors }),
          ...(known === null ? {} : { known }),
        }),
      );
    const before = this.#lastOf.get(clientId);
    const saying: Promise<void> = (before === undefined ? say() : before.then(say))
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => {
        this.#underway.delete(saying);
        if (this.#lastOf.get(clientId) === saying) this.#lastOf.delete(clientId);
        const next = this.#waiting.shift();
        if (next !== undefined) this.#send(next);
      });
    this.#underway.add(saying);
    this.#lastOf.set(clientId, saying);
  }

  /** Resolves when the store has heard of all that ended until now. */
  async settled(): Promise<void> {
    while (this.#underway.size > 0) await Promise.all(this.#underway);
  }

  get count(): number {
    return this.#underway.size + this.#waiting.length;
  }
}
