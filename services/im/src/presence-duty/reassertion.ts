import type { AssertedConnection, PresenceStore } from '@flotilla-im/store';
import type { ClientRecord } from '../connections/client-record.ts';
import type { ClientTable } from '../connections/client-table.ts';
import type { Connection } from '../connections/connection.ts';
import type { Persistence } from '../shard/persistence.ts';
import type { Incarnation } from './incarnation.ts';

/** Entries of one call. */
const BATCH = 200;

/** What reassertion needs. */
export interface ReassertionDeps {
  readonly shard: number;
  readonly presence: Pick<PresenceStore, 'reassert'>;
  readonly incarnation: Incarnation;
  readonly clients: ClientTable;
  readonly persistence: Persistence;
}

/**
 * Writes the pod's connections to the store again, where it may have lost them or knows them by an earlier incarnation, and the
 * memberships of their clients where it has lost those.
 */
export class Reassertion {
  readonly #deps: ReassertionDeps;

  constructor(deps: ReassertionDeps) {
    this.#deps = deps;
  }

  /** Those of some partitions, or all. Resolves when the store has them. Rejects only when the pod closes. */
  async assert(partitions: ReadonlySet<number> | null): Promise<void> {
    const { clients } = this.#deps;
    const connections = clients.connections.filter(
      ({ registration, record }) =>
        registration === 'yes' && record !== null && (partitions === null || partitions.has(record.inbox.partition)),
    );
    for (let from = 0; from < connections.length; from += BATCH) {
      await this.#write(connections.slice(from, from + BATCH));
    }
  }

  /**
   * Those of one client, whom the store has lost or knows by an earlier incarnation. Resolves when it has them. Rejects only
   * when the pod closes.
   */
  async restore(record: ClientRecord): Promise<void> {
    const connections = record.connections.filter(({ registration }) => registration === 'yes');
    if (connections.length === 0) record.life = null;
    else await this.#write(connections);
  }

  async #write(connections: readonly Connection[]): Promise<void> {
    const { persistence } = this.#deps;
    await persistence.until('reassert', async () => {
      // One that ended meanwhile has said farewell, and must not come back.
      const living = connections.filter(({ phase }) => phase !== 'closed');
      if (living.length > 0) await this.#writeLiving(living);
    });
  }

  async #writeLiving(connections: readonly Connection[]): Promise<void> {
    const { shard, presence, incarnation } = this.#deps;
    const { id } = incarnation;
    const wereLate = connections.map(({ mayComeLate }) => mayComeLate);
    for (const connection of connections) connection.mayComeLate = true;
    try {
      const entries = connections.map((one) => entryOf(one, shard, id));
      const lives = await presence.reassert(id, shard, entries);
      connections.forEach((connection, index) => {
        connection.mayComeLate = wereLate[index] ?? true;
        const { record } = connection;
        if (record !== null) record.life = lives[index] ?? null;
      });
    } catch (error) {
      if (isFenced(error)) incarnation.renew(id);
      throw error;
    }
  }
}

function entryOf(
  { connection, clientId, device, since, claims, record }: Connection,
  shard: number,
  incarnation: string,
): AssertedConnection {
  const { life, memberships } = record ?? { life: null, memberships: null };
  return {
    clientId,
    entry: { connection, shard, incarnation, device, since },
    token: claims.jti,
    ...(life === null || memberships === null ? {} : { known: { life, channels: [...memberships.keys()] } }),
    ...(claims.metadata === undefined ? {} : { metadata: JSON.stringify(claims.metadata) }),
  };
}

function isFenced(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === 'fenced';
}
