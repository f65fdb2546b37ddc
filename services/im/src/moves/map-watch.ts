import { type CompiledMap, compileMap, isFlotillaError } from '@flotilla-im/protocol';
import type { MapStore, NotifyBus, Subscription } from '@flotilla-im/store';

/** How often the map is read besides its announcements. */
const POLL_MS = 2_000;

/** What the watch of the map needs. */
export interface MapWatchDeps {
  readonly map: Pick<MapStore, 'read'>;
  readonly notify: Pick<NotifyBus, 'subscribeHint'>;
  readonly setTimer: (run: () => void, ms: number) => unknown;
  readonly onChange: (before: CompiledMap | null, now: CompiledMap) => void;
  /** A map that cannot be used (the last one stays), or a store that is away. */
  readonly onFailure: (error: unknown) => void;
}

/** Keeps the newest shard map: announcements make it quick, polling makes it certain. */
export class MapWatch {
  readonly #deps: MapWatchDeps;
  #current: CompiledMap | null = null;
  #hint: Subscription | null = null;
  #isReading = false;
  #mustReadAgain = false;
  #isClosed = false;

  constructor(deps: MapWatchDeps) {
    this.#deps = deps;
  }

  get current(): CompiledMap | null {
    return this.#current;
  }

  /** Rejects when the store cannot be reached. */
  async start(): Promise<void> {
    this.#hint = await this.#deps.notify.subscribeHint('map', () => void this.read());
    await this.read();
    this.#poll();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#hint?.close();
  }

  /** Never rejects. */
  async read(): Promise<void> {
    this.#mustReadAgain = true;
    if (this.#isReading) return;
    this.#isReading = true;
    try {
      while (this.#mustReadAgain && !this.#isClosed) {
        this.#mustReadAgain = false;
        await this.#readOnce();
      }
    } catch (error) {
      if (!this.#isClosed) this.#deps.onFailure(error);
    } finally {
      this.#isReading = false;
    }
  }

  async #readOnce(): Promise<void> {
    const map = await this.#deps.map.read();
    const before = this.#current;
    if (map === null || this.#isClosed || (before !== null && map.epoch <= before.epoch)) return;
    this.#current = compileMap(map);
    this.#deps.onChange(before, this.#current);
  }

  #poll(): void {
    this.#deps.setTimer(() => {
      if (this.#isClosed) return;
      void this.read();
      this.#poll();
    }, POLL_MS);
  }
}

/** Whether a failure is of the map itself: it stays until another map is published. */
export function isMapFault(error: unknown): boolean {
  return isFlotillaError(error) && (error.code === 'map_unsupported' || error.code === 'bad_map');
}
