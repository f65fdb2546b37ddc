import type { EventStore } from '@flotilla-im/store';
import type { Logger } from 'pino';
import type { ClientTable } from '../connections/client-table.ts';
import type { DeliveryTotals } from '../delivery/delivery-totals.ts';
import type { Filler } from '../delivery/filler.ts';
import type { ViewTable } from '../delivery/view-table.ts';
import type { ChannelViews } from '../membership/channel-views.ts';
import type { ClientRefresh } from '../membership/client-refresh.ts';
import type { Farewells } from '../presence-duty/farewells.ts';
import type { Reassertion } from '../presence-duty/reassertion.ts';
import type { Persistence } from './persistence.ts';

/** What recovery needs. */
export interface RecoveryDeps {
  readonly clients: ClientTable;
  readonly views: ViewTable;
  readonly filler: Filler;
  readonly channelViews: ChannelViews;
  readonly refresh: ClientRefresh;
  readonly reassertion: Reassertion;
  readonly farewells: Farewells;
  readonly events: Pick<EventStore, 'append'>;
  readonly persistence: Persistence;
  readonly logger: Logger;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  readonly totals: DeliveryTotals;
}

/** Reads again what the pod serves, after something of it may have been lost on the way or in the store. */
export class Recovery {
  readonly #deps: RecoveryDeps;

  constructor(deps: RecoveryDeps) {
    this.#deps = deps;
  }

  /** Notifies were lost: logs and clients of these partitions are read again. */
  reread(partitions: readonly number[]): void {
    const { clients, views, filler, refresh, totals } = this.#deps;
    totals.rereads += partitions.length;
    const wanted = new Set(partitions);
    for (const view of views.all()) if (wanted.has(view.partition)) void filler.fill(view);
    for (const { inbox, clientId } of clients.clients()) if (wanted.has(inbox.partition)) refresh.changed(clientId);
  }

  /** The store has lost all it had of these partitions. What shards know is written again; that the rest is gone, business is told. */
  lost(partitions: ReadonlySet<number>): void {
    const { totals, logger, persistence, events, wallMs } = this.#deps;
    totals.storeLosses += 1;
    logger.warn({ partitions: partitions.size }, 'the store lost its memory; what shards know is written again');
    const event = { type: 'lost', clientId: '', at: wallMs() } as const;
    persistence.eventually('loss event', () => events.append('presence', event));
    void this.reassert(partitions);
  }

  /**
   * The store may have lost what the pod wrote (a new master, a new connection, a new incarnation): presence and interest
   * are written again first, so that nothing is missed between, then all is read. Null is every partition.
   */
  async reassert(partitions: ReadonlySet<number> | null): Promise<void> {
    const { clients, views, filler, channelViews, refresh, reassertion, farewells } = this.#deps;
    for (const view of views.all()) if (partitions === null || partitions.has(view.partition)) view.doubt();
    farewells.again(partitions);
    try {
      await reassertion.assert(partitions);
    } catch {
      return;
    }
    for (const view of [...views.all()]) {
      if (partitions !== null && !partitions.has(view.partition)) continue;
      if (view.key.kind === 'inbox') void filler.fill(view);
      else channelViews.refollow(view).catch(ignoreClosing);
    }
    for (const { inbox, clientId } of clients.clients()) {
      if (partitions === null || partitions.has(inbox.partition)) refresh.changed(clientId);
    }
  }
}

function ignoreClosing(): void {
  // Only the pod's end makes it fail.
}
