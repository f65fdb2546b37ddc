import type { Cursors, PresenceStore } from '@flotilla-im/store';
import type { Persistence } from '../shard/persistence.ts';

/** The end of a connection that the store knows. */
export interface Farewell {
  readonly clientId: string;
  readonly connection: string;
  readonly graceMs: number;
  readonly reason: string;
  readonly cursors: Cursors | null;
  /** Its token's id, where nobody knows whether the store has heard of it or will yet; else null. */
  readonly token: string | null;
}

/** What farewells need. */
export interface FarewellsDeps {
  readonly presence: Pick<PresenceStore, 'disconnect'>;
  readonly incarnation: { readonly id: string };
  readonly persistence: Persistence;
}

/**
 * Tells the store of connections that ended, until it has heard: the pod's lease goes on, so nobody else would take a
 * forgotten entry away.
 */
export class Farewells {
  readonly #deps: FarewellsDeps;
  readonly #underway = new Set<Promise<void>>();

  constructor(deps: FarewellsDeps) {
    this.#deps = deps;
  }

  say({ clientId, connection, graceMs, reason, cursors, token }: Farewell): void {
    const { presence, incarnation, persistence } = this.#deps;
    const saying = persistence
      .until('disconnect', () =>
        presence.disconnect({
          clientId,
          connection,
          incarnation: incarnation.id,
          graceMs,
          reason,
          ...(cursors === null ? {} : { cursors }),
          ...(token === null ? {} : { token }),
        }),
      )
      .then(
        () => undefined,
        () => undefined,
      )
      .finally(() => this.#underway.delete(saying));
    this.#underway.add(saying);
  }

  /** Resolves when the store has heard of all that ended until now. */
  async settled(): Promise<void> {
    await Promise.all(this.#underway);
  }

  get count(): number {
    return this.#underway.size;
  }
}
