import type { PresenceStore } from '@flotilla-im/store';
import type { ClientTable } from '../connections/client-table.ts';
import type { Connection } from '../connections/connection.ts';
import type { Persistence } from '../shard/persistence.ts';
import type { Incarnation } from './incarnation.ts';

type Entry = Parameters<PresenceStore['reassert']>[2][number];

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

/** Writes the pod's connections to the store again, where it may have lost them or knows them by an earlier incarnation. */
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

  async #write(connections: readonly Connection[]): Promise<void> {
    const { shard, presence, incarnation, persistence } = this.#deps;
    await persistence.until('reassert', async () => {
      const id = incarnation.id;
      // One that ended meanwhile has said farewell, and must not come back.
      const entries = connections.filter(({ phase }) => phase !== 'closed').map((one) => entryOf(one, shard, id));
      try {
        if (entries.length > 0) await presence.reassert(id, shard, entries);
      } catch (error) {
        if (isFenced(error)) incarnation.renew(id);
        throw error;
      }
    });
  }
}

function entryOf(
  { connection, clientId, device, since, claims }: Connection,
  shard: number,
  incarnation: string,
): Entry {
  return {
    clientId,
    entry: { connection, shard, incarnation, device, since },
    ...(claims.metadata === undefined ? {} : { metadata: JSON.stringify(claims.metadata) }),
  };
}

function isFenced(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === 'fenced';
}
