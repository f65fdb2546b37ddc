import type { CompiledMap } from '@flotilla-im/protocol';
import type { Store } from '@flotilla-im/store';
import type { CallOptions } from '../calls/call-options.ts';
import type { Calls } from '../calls/calls.ts';
import { CALL_ENTRIES, parseOptions, wholeNumber } from '../calls/parse-options.ts';
import { Wakeup } from '../calls/wakeup.ts';
import { DeliveryRates } from './delivery-rates.ts';
import type { Fleet, FleetView } from './fleet.ts';
import { fleetOf } from './fleet-picture.ts';
import type { MapCache } from './map-cache.ts';
import { SlotMoves } from './slot-moves.ts';

const DEFAULT_INTERVAL_MS = 1_000;
const CHANGES_ENTRIES = { signal: CALL_ENTRIES.signal, intervalMs: wholeNumber(10) };

/** The fleet, from the map and the leases. */
export class FleetObserver implements FleetView {
  readonly #store: Pick<Store, 'leases'>;
  readonly #calls: Calls;
  readonly #maps: MapCache;
  readonly #moves = new SlotMoves();
  readonly #rates = new DeliveryRates();

  constructor(store: Pick<Store, 'leases'>, calls: Calls, maps: MapCache) {
    this.#store = store;
    this.#calls = calls;
    this.#maps = maps;
    const mapChanged = (map: CompiledMap): void => this.#moves.mapChanged(map);
    maps.onMap(mapChanged);
  }

  current(options?: CallOptions): Promise<Fleet> {
    return this.#picture(this.#rates, options);
  }

  async *changes(options?: {
    signal?: AbortSignal | undefined;
    intervalMs?: number | undefined;
  }): AsyncGenerator<Fleet> {
    const { signal, intervalMs = DEFAULT_INTERVAL_MS } = parseOptions(CHANGES_ENTRIES, options, 'fleet.changes');
    const wakeup = new Wakeup(this.#calls.timing);
    const unlisten = this.#maps.onMap(() => wakeup.wake());
    const rates = new DeliveryRates();
    let last = '';
    try {
      this.#calls.checkOpen(undefined);
      while (!signal?.aborted && !this.#calls.closing.aborted) {
        // A store that fails now is asked again after the interval.
        const fleet = await this.#picture(rates, { signal }).catch(() => null);
        const text = fleet === null ? last : JSON.stringify({ ...fleet, at: 0 });
        if (fleet !== null && text !== last) yield fleet;
        last = text;
        await wakeup.pause(intervalMs, signal, this.#calls.closing);
      }
    } finally {
      unlisten();
    }
  }

  async #picture(rates: DeliveryRates, options: CallOptions | undefined): Promise<Fleet> {
    const leases = await this.#calls.run(options, async () => {
      const [, found] = await Promise.all([this.#maps.refresh(), this.#store.leases.list()]);
      return found;
    });
    const { problem, current: map } = this.#maps;
    if (problem) throw problem;
    const { timing } = this.#calls;
    const facts = { map, leases, moves: this.#moves.underWay(leases) };
    return fleetOf({ ...facts, rates: rates.observe(leases, timing.nowMs()), at: timing.wallMs() });
  }
}
