import type { ConversationId } from './conversation-id.ts';
import { comparePlaces, type Place } from './place.ts';

/** The part of `localStorage` that is used. */
export interface MarkStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}

/** How far somebody has read, in this browser: kept over a reload and shared by its pages. */
export class ReadMarks {
  readonly #storage: MarkStorage;
  readonly #key: string;
  #marks: Map<string, Place>;

  constructor(storage: MarkStorage, me: string) {
    this.#storage = storage;
    this.#key = `flotilla-demo:read:${me}`;
    this.#marks = this.#load();
  }

  get(id: ConversationId): Place | null {
    return this.#marks.get(id) ?? null;
  }

  /** Everything up to there was read. A mark never goes back within a generation. */
  set(id: ConversationId, place: Place): void {
    const known = this.#marks.get(id);
    if (known && comparePlaces(place, known) <= 0) return;
    this.#marks = this.#load().set(id, place);
    try {
      this.#storage.setItem(this.#key, JSON.stringify([...this.#marks]));
    } catch {
      // Full or forbidden: the mark holds while the page is open.
    }
  }

  /** Another page of this browser may have read on. */
  reload(): void {
    this.#marks = this.#load();
  }

  #load(): Map<string, Place> {
    try {
      return new Map(JSON.parse(this.#storage.getItem(this.#key) ?? '[]') as [string, Place][]);
    } catch {
      return new Map();
    }
  }
}
