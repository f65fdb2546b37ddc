import { type CompiledMap, SLOT_COUNT } from '@flotilla-im/protocol';
import type { ShardReport } from '@flotilla-im/store';

/** Which shards send clients to which, so that those who send to the same one share its pace. */
export class Senders {
  /** By the shard that takes, those that send, each with the epoch of the map that made it. */
  readonly #epochs = new Map<number, Map<number, number>>();
  /** The map changed. */
  mapChanged(before: CompiledMap | null, now: CompiledMap): void {
    for (let slot = 0; before !== null && slot < SLOT_COUNT; slot++) {
      const from = before.owner[slot];
      const to = now.owner[slot];
      if (from !== undefined && to !== undefined && from !== to) this.#sendersTo(to).set(from, now.epoch);
    }
  }

  /**
   * How many share the pace of a shard, at least 1: all from which a map took slots for it, until they report that they know
   * that map and have nobody left to send, or report nothing any more.
   */
  countTo(shard: number, reports: ReadonlyMap<number, ShardReport>): number {
    const senders = this.#sendersTo(shard);
    for (const [from, epoch] of senders) {
      if (reports.size > 0 && isDone(reports.get(from), epoch)) senders.delete(from);
    }
    return Math.max(1, senders.size);
  }

  #sendersTo(shard: number): Map<number, number> {
    let senders = this.#epochs.get(shard);
    if (senders === undefined) this.#epochs.set(shard, (senders = new Map<number, number>()));
    return senders;
  }
}

function isDone(report: ShardReport | undefined, epoch: number): boolean {
  if (report === undefined) return true;
  const left = report.state === 'draining' ? report.connections : (report.moving ?? 0);
  return left === 0 && report.epoch >= epoch;
}
