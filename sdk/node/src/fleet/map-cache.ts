import { type CompiledMap, compileMap, type FlotillaError } from '@flotilla-im/protocol';
import type { Store, Subscription } from '@flotilla-im/store';
import { knownError } from '../calls/known-error.ts';

/** How often the map is read without being announced. */
const POLL_MS = 1_000;

/** The shard map as last read: announced by a hint, made certain by polling. An older epoch than the one held is refused. */
export class MapCache {
  readonly #store: Pick<Store, 'map' | 'notify'>;
  readonly #listeners = new Set<(map: CompiledMap) => void>();
  #map: CompiledMap | null = null;
  #problem: FlotillaError | null = null;
  #reading: Promise<void> | null = null;
  #subscription: Subscription | null = null;
  #timer: NodeJS.Timeout | null = null;
  #isClosed = false;

  constructor(store: Pick<Store, 'map' | 'notify'>) {
    this.#store = store;
  }

  /** null while none was ever read. */
  get current(): CompiledMap | null {
    return this.#map;
  }

  /** What makes the published map unusable (`map_unsupported`, `bad_map`); null when the last read was one that can be used. */
  get problem(): FlotillaError | null {
    return this.#problem;
  }

  /** Reads it once and goes on following it. Never rejects: a store that fails now is asked again. */
  async start(): Promise<void> {
    this.#timer = setInterval(() => void this.refresh(), POLL_MS);
    this.#timer.unref();
    await Promise.all([this.#subscribe(), this.refresh()]);
  }

  /** Hears of each newer map. The result ends that. */
  onMap(listener: (map: CompiledMap) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Reads it now; a read under way is shared. Never rejects. */
  refresh(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = null;
    });
    return this.#reading;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#subscription?.close();
  }

  async #subscribe(): Promise<void> {
    try {
      const subscription = await this.#store.notify.subscribeHint('map', () => void this.refresh());
      if (this.#isClosed) await subscription.close();
      else this.#subscription = subscription;
    } catch {
      // Polling finds every map; the hint only makes it sooner.
    }
  }

  async #read(): Promise<void> {
    try {
      const map = await this.#store.map.read();
      this.#problem = null;
      // A store that lost its memory shows no map for a moment: the addresses known are still the best guess.
      if (map === null || map.epoch <= (this.#map?.epoch ?? -1)) return;
      this.#map = compileMap(map);
    } catch (thrown) {
      const error = knownError(thrown);
      if (error.code === 'map_unsupported' || error.code === 'bad_map') this.#problem = error;
      return;
    }
    for (const listener of this.#listeners) listener(this.#map);
  }
}
