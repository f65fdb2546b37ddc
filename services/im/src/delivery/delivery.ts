import type { Notified, Notify } from '@flotilla-im/store';
import type { Canary } from './canary.ts';
import type { DeliveryTotals } from './delivery-totals.ts';
import type { Filler } from './filler.ts';
import type { FlushTick } from './flush-tick.ts';
import type { GenerationWatch } from './generation-watch.ts';
import { MessageFrame } from './message-frame.ts';
import { MessageRun } from './message-run.ts';
import type { TailWatch } from './tail-watch.ts';
import type { ViewTable } from './view-table.ts';

/** What the intake of notifies needs. */
export interface DeliveryDeps {
  readonly views: ViewTable;
  readonly filler: Filler;
  readonly tick: FlushTick;
  readonly tails: TailWatch;
  readonly generations: GenerationWatch;
  readonly canary: Canary;
  readonly totals: DeliveryTotals;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  /** Milliseconds from the store's time of a message to now; once a notify. */
  readonly onDelivered: (ms: number) => void;
  /** A live message for a client: for those of its connections that do not follow its inbox yet. Returns for how many it was too much. */
  readonly passUnfollowed: (clientId: string, run: MessageRun) => number;
  /** Something changed about a client: reread it. */
  readonly onClient: (clientId: string) => void;
  /** A partition has a new master: what is served of it is to be asserted and read again. */
  readonly onNewGeneration: (partition: number) => void;
}

/** Takes in what the shard hears on its subscription. */
export class Delivery {
  readonly #deps: DeliveryDeps;

  constructor(deps: DeliveryDeps) {
    this.#deps = deps;
  }

  notify(notify: Notify): void {
    const { totals, canary, tails, onClient } = this.#deps;
    totals.notifies += 1;
    switch (notify.type) {
      case 'durable':
        for (const item of notify.items) this.#durable(item);
        this.#measure(notify.items[0]);
        return;
      case 'live':
        this.#live(notify);
        return;
      case 'client':
        tails.heard(notify.partition, notify.tail);
        onClient(notify.clientId);
        return;
      case 'canary':
        canary.heard(notify.id);
    }
  }

  #durable({ partition, tail, log, entry }: Notified): void {
    const { views, filler, tick, tails, generations, onNewGeneration } = this.#deps;
    if (generations.heard(partition, entry.generation)) {
      tails.restart(partition, tail);
      onNewGeneration(partition);
    } else tails.heard(partition, tail);
    const view = views.get(log);
    if (view === undefined) return;
    if (view.offer(entry) === 'gap') void filler.fill(view);
    tick.addView(view);
  }

  #live({ log, entry }: Extract<Notify, { type: 'live' }>): void {
    const { views, totals, passUnfollowed } = this.#deps;
    const view = views.get(log);
    if (view === undefined) return;
    const run = new MessageRun([new MessageFrame(log, entry, true)]);
    totals.droppedLive += view.pass(run) + (log.kind === 'inbox' ? passUnfollowed(log.id, run) : 0);
  }

  #measure(item: Notified | undefined): void {
    if (item !== undefined) this.#deps.onDelivered(Math.max(0, this.#deps.wallMs() - item.entry.at));
  }
}
