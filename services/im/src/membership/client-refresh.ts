import { type ChannelStore, type ClientState, type PresenceStore, REPLACED_REASON } from '@flotilla-im/store';
import type { ClientRecord } from '../connections/client-record.ts';
import type { ClientTable } from '../connections/client-table.ts';
import { endingWith } from '../connections/ending.ts';
import { Lanes } from '../shard/lanes.ts';
import type { Reassertion } from '../presence-duty/reassertion.ts';
import type { Persistence } from '../shard/persistence.ts';
import type { Memberships } from './memberships.ts';

/** How long a join or leave may be unconfirmed before a pod that sees it finishes it. */
const UNSETTLED_MS = 1_000;

/** Clients read at a time: after a new connection to the store all of them are due. */
const MOST_AT_ONCE = 64;

/** What the refresh of clients needs. */
export interface ClientRefreshDeps {
  readonly presence: Pick<PresenceStore, 'refresh'>;
  readonly channels: Pick<ChannelStore, 'settle'>;
  readonly clients: ClientTable;
  readonly memberships: Memberships;
  readonly persistence: Persistence;
  readonly reassertion: Pick<Reassertion, 'restore'>;
  readonly setTimer: (run: () => void, ms: number) => unknown;
}

/** Keeps what business changes about connected clients: memberships, grants, disconnects. */
export class ClientRefresh {
  readonly #deps: ClientRefreshDeps;
  readonly #lanes = new Lanes(MOST_AT_ONCE);

  constructor(deps: ClientRefreshDeps) {
    this.#deps = deps;
  }

  /** Something changed about a client, or may have. */
  changed(clientId: string): void {
    const record = this.#deps.clients.get(clientId);
    if (record === undefined) return;
    record.mustRefresh = true;
    if (record.isRefreshing) return;
    record.isRefreshing = true;
    this.#lanes.run(() => this.#refresh(record));
  }

  /** Takes over a state read by whomever; where the store has forgotten the client, it is told first. Rejects when the pod closes. */
  async take(record: ClientRecord, state: ClientState): Promise<void> {
    let current = state;
    while (record.life !== null && record.life !== current.life) {
      await this.#deps.reassertion.restore(record);
      current = await this.#read(record);
    }
    this.apply(record, current);
  }

  /** The same for one that the store is known not to have forgotten. */
  apply(record: ClientRecord, state: ClientState): void {
    const before = record.update(state);
    for (const { connection, reason } of state.disconnects) {
      const named = record.connections.find((one) => one.connection === connection);
      named?.end(reason === REPLACED_REASON ? endingWith(4501, {}, true) : endingWith(4500, { reason }, true));
    }
    this.#deps.memberships.apply(record, before);
    const open = state.memberships.filter(({ isConfirmed }) => !isConfirmed);
    if (open.length > 0) this.#deps.setTimer(() => this.#settle(record, open), UNSETTLED_MS);
  }

  /** Never rejects. */
  async #refresh(record: ClientRecord): Promise<void> {
    try {
      while (record.mustRefresh && record.connections.length > 0) {
        record.mustRefresh = false;
        await this.take(record, await this.#read(record));
      }
    } catch {
      // The pod is closing.
    }
    record.isRefreshing = false;
  }

  #read({ clientId }: ClientRecord): Promise<ClientState> {
    return this.#deps.persistence.until('refresh', () => this.#deps.presence.refresh(clientId));
  }

  /** Whoever began it may be in the middle of it still: finishing it twice does no harm. */
  #settle(record: ClientRecord, open: ClientState['memberships']): void {
    if (record.connections.length === 0) return;
    for (const { channel } of open) {
      this.#deps.persistence.eventually('settle', async () => {
        await this.#deps.channels.settle(channel, record.clientId);
        this.changed(record.clientId);
      });
    }
  }
}
