import type { LogKey } from '@flotilla-im/store';
import type { RingBounds } from './frame-ring.ts';
import { LogView } from './log-view.ts';

/** An inbox has one or two followers: little is worth keeping. */
const INBOX_RING: RingBounds = { frames: 8, bytes: 65_536 };
/** A slow member of a busy channel is served from here rather than by reads. */
const CHANNEL_RING: RingBounds = { frames: 512, bytes: 1_048_576 };

/** The logs that a pod serves, each while somebody holds it. */
export class ViewTable {
  readonly #inboxes = new Map<string, LogView>();
  readonly #channels = new Map<string, LogView>();

  get(key: LogKey): LogView | undefined {
    return this.#of(key).get(key.id);
  }

  /** The view of a log, made if it is new, and one more holder of it. */
  hold(key: LogKey): LogView {
    const table = this.#of(key);
    let view = table.get(key.id);
    if (view === undefined) {
      view = new LogView(key, key.kind === 'inbox' ? INBOX_RING : CHANNEL_RING);
      table.set(key.id, view);
    }
    view.holders += 1;
    return view;
  }

  /** One holder less. True: it was the last one; the view stays until `remove`. */
  release(view: LogView): boolean {
    view.holders -= 1;
    return view.holders === 0;
  }

  /** Takes a view out that nobody holds. */
  remove(view: LogView): void {
    if (view.holders === 0 && this.get(view.key) === view) this.#of(view.key).delete(view.key.id);
  }

  *all(): Generator<LogView, void> {
    yield* this.#inboxes.values();
    yield* this.#channels.values();
  }

  get size(): number {
    return this.#inboxes.size + this.#channels.size;
  }

  #of({ kind }: LogKey): Map<string, LogView> {
    return kind === 'inbox' ? this.#inboxes : this.#channels;
  }
}
