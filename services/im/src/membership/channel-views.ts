import type { Position } from '@flotilla-im/protocol';
import type { ChannelStore, LogSlice } from '@flotilla-im/store';
import type { Filler } from '../delivery/filler.ts';
import type { FlushTick } from '../delivery/flush-tick.ts';
import type { LogView } from '../delivery/log-view.ts';
import type { ViewTable } from '../delivery/view-table.ts';
import type { Incarnation } from '../presence-duty/incarnation.ts';
import type { Persistence } from '../shard/persistence.ts';

/** How long a channel is followed after its last member went: reloads and moves come back at once. */
export const CHANNEL_LINGER_MS = 5_000;

/** What the channel views need. */
export interface ChannelViewsDeps {
  readonly shard: number;
  readonly channels: Pick<ChannelStore, 'follow' | 'unfollow'>;
  readonly incarnation: Incarnation;
  readonly persistence: Persistence;
  readonly views: ViewTable;
  readonly filler: Filler;
  readonly tick: FlushTick;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
}

/** The channels a pod follows: those of which a member is connected here, and a while longer. */
export class ChannelViews {
  readonly #deps: ChannelViewsDeps;
  readonly #opening = new Map<LogView, Promise<void>>();
  /** Views nobody holds, and since when. */
  readonly #idle = new Map<LogView, number>();
  /** Ends of interest under way, by channel: a new beginning waits for them. */
  readonly #unfollowing = new Map<string, Promise<void>>();

  constructor(deps: ChannelViewsDeps) {
    this.#deps = deps;
  }

  /** Holds the channel's view. From now on its notifies are kept; `ready` says when it is open. */
  hold(channel: string): LogView {
    const view = this.#deps.views.hold({ kind: 'channel', id: channel });
    this.#idle.delete(view);
    return view;
  }

  /** Resolves when the view is open. Rejects only when the pod closes. */
  ready(view: LogView): Promise<void> {
    if (view.isOpen) return Promise.resolve();
    let opening = this.#opening.get(view);
    if (opening === undefined) {
      opening = this.#open(view).finally(() => this.#opening.delete(view));
      this.#opening.set(view, opening);
    }
    return opening;
  }

  /**
   * What the view has from after a new join may be what was said since, or what a master that is gone said before, and its
   * successor, which gave out the join's position, never heard of: then it is forgotten. Resolves when that is settled.
   */
  async confirm(view: LogView, { offset }: Position): Promise<void> {
    if (view.line.offset > offset) await this.#deps.filler.fill(view);
  }

  release(view: LogView): void {
    if (this.#deps.views.release(view)) this.#idle.set(view, this.#deps.nowMs());
  }

  /** Gives up the channels that nobody has held for a while. */
  sweep(): void {
    const dueMs = this.#deps.nowMs() - CHANNEL_LINGER_MS;
    for (const [view, sinceMs] of this.#idle) {
      if (sinceMs > dueMs || this.#opening.has(view)) continue;
      this.#idle.delete(view);
      this.#deps.views.remove(view);
      this.#unfollow(view.key.id);
    }
  }

  /** Writes the interest again and reads what came since: after the store or the incarnation forgot. */
  async refollow(view: LogView): Promise<void> {
    if (!view.isOpen) return this.ready(view);
    await this.#deps.persistence.until('follow', () => this.#follow(view));
    await this.#deps.filler.fill(view);
  }

  async #open(view: LogView): Promise<void> {
    await this.#unfollowing.get(view.key.id);
    const slice = await this.#deps.persistence.until('follow', () => this.#follow(view));
    // Interest stands from before the read on: what came meanwhile was notified and kept.
    if (view.open(slice.meta) === 'gap') void this.#deps.filler.fill(view);
    this.#deps.tick.addView(view);
  }

  async #follow({ key }: LogView): Promise<LogSlice> {
    const { channels, shard, incarnation } = this.#deps;
    const slice = await incarnation.under((id) => channels.follow(key.id, shard, id, null, null));
    if (slice === 'fenced' || slice === 'not_member') throw new Error(`follow was refused: ${slice}`);
    return slice;
  }

  #unfollow(channel: string): void {
    const { channels, shard, incarnation, persistence } = this.#deps;
    const ending = persistence
      .until('unfollow', () => channels.unfollow(channel, shard, incarnation.id))
      .catch(() => {
        // The pod is closing; its interest ends with the incarnation.
      })
      .finally(() => this.#unfollowing.delete(channel));
    this.#unfollowing.set(channel, ending);
  }
}
