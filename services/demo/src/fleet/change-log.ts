import type { Fleet, PresenceEvent } from '@flotilla-im/sdk';
import type { FleetChange, MovedSlots } from './fleet-words.ts';
import { movedSlots } from './moved-slots.ts';
import { expandRuns } from './slot-runs.ts';

/** So many changes are remembered. */
const KEPT = 5;
/** Shards report every half second, and of what was lost is told soon after: then everything is counted. In milliseconds. */
const SETTLE_MS = 2_000;

/** What Flotilla calls ends that nobody asked for. */
const LOSSES: ReadonlySet<string> = new Set(['connection lost', 'shard lost', 'moved']);

/** What is looked at in a picture. */
export type SeenFleet = Pick<Fleet, 'epoch' | 'at' | 'connections' | 'slotOwners' | 'moves'> & {
  readonly shards: readonly Pick<Fleet['shards'][number], 'shard' | 'connections'>[];
};

/** A change whose connections are still counted. */
interface Counted {
  change: FleetChange;
  /** Owner by slot, and connections by shard, when it began. */
  readonly ownersBefore: readonly number[];
  readonly before: ReadonlyMap<number, number>;
  /** By shard: connections that began less those that ended since. Moves are neither. */
  readonly net: Map<number, number>;
  readonly lost: Record<string, number>;
  isComplete: boolean;
  endedAt: number | null;
}

/** What changed since it was begun, from pictures of the fleet and from the ends of connections. Says only what those show. */
export class ChangeLog {
  #last: SeenFleet | null = null;
  #counted: Counted | null = null;
  #settled: FleetChange[] = [];

  /** A newer picture. */
  observe(fleet: SeenFleet): void {
    this.#settle(fleet.at);
    const last = this.#last;
    this.#last = fleet;
    if (last !== null && fleet.epoch !== last.epoch) this.#mapChanged(last, fleet);
    const counted = this.#counted;
    if (counted === null || counted.endedAt !== null || fleet.moves.length > 0) return;
    counted.endedAt = fleet.at;
    counted.change = { ...counted.change, tookMs: fleet.at - counted.change.at };
  }

  /** A connection began, or ended. */
  happened(event: PresenceEvent): void {
    if (this.#counted === null || event.type === 'gap' || event.type === 'lost') return;
    const { net, lost } = this.#counted;
    const { type, shard, reason } = event;
    if (type === 'connected') net.set(shard, (net.get(shard) ?? 0) + 1);
    if (type !== 'disconnected') return;
    net.set(shard, (net.get(shard) ?? 0) - 1);
    if (reason !== null && LOSSES.has(reason)) lost[reason] = (lost[reason] ?? 0) + 1;
  }

  /** Beginnings or ends may have been missed. */
  missed(): void {
    if (this.#counted !== null) this.#counted.isComplete = false;
  }

  /**
   * Newest first.
   *
   * @param wallMs - milliseconds since 1970, by the clock of the pictures
   */
  changes(wallMs: number): readonly FleetChange[] {
    this.#settle(wallMs);
    return this.#counted === null ? this.#settled : [this.#counted.change, ...this.#settled];
  }

  /** For each slot on its way the shard that still holds connections of it, else -1. */
  leaving(): number[] {
    const owners = expandRuns(this.#last?.slotOwners ?? []);
    const counted = this.#counted;
    if (counted === null || counted.endedAt !== null) return owners.map(() => -1);
    return owners.map((owner, slot) => {
      const from = counted.ownersBefore[slot] ?? owner;
      const isOnItsWay = this.#last?.moves.some((move) => move.from === from && move.to === owner) === true;
      return from !== owner && isOnItsWay ? from : -1;
    });
  }

  #mapChanged(last: SeenFleet, fleet: SeenFleet): void {
    const running = this.#counted?.endedAt === null ? this.#counted : null;
    const ownersBefore = running?.ownersBefore ?? expandRuns(last.slotOwners);
    const moved = movedSlots(ownersBefore, expandRuns(fleet.slotOwners));
    if (running !== null) {
      const mostMoved = Math.max(running.change.mostMoved, slotsOf(moved));
      running.change = { ...running.change, epoch: fleet.epoch, moved, mostMoved };
      return;
    }
    if (moved.length === 0) return;
    // What was not counted to its end yet is as good as it can be: its reports will be mixed with those of the new one.
    this.#settle(Number.POSITIVE_INFINITY);
    const { epoch, at } = fleet;
    const what = { firstEpoch: epoch, epoch, at, moved, mostMoved: slotsOf(moved) };
    const change = { ...what, tookMs: null, connections: last.connections, outcome: null };
    const counts = { before: countsOf(last), net: new Map<number, number>(), lost: {}, isComplete: true };
    this.#counted = { change, ownersBefore, ...counts, endedAt: null };
  }

  #settle(wallMs: number): void {
    const counted = this.#counted;
    if (this.#last === null || counted === null || counted.endedAt === null) return;
    if (wallMs - counted.endedAt < SETTLE_MS) return;
    const { lost, isComplete } = counted;
    const outcome = { carried: carriedIn(counted, countsOf(this.#last)), lost, isComplete };
    this.#settled = [{ ...counted.change, outcome }, ...this.#settled].slice(0, KEPT - 1);
    this.#counted = null;
  }
}

function slotsOf(moved: readonly MovedSlots[]): number {
  return moved.reduce((sum, { slots }) => sum + slots, 0);
}

function countsOf({ shards }: SeenFleet): ReadonlyMap<number, number> {
  return new Map(shards.map(({ shard, connections }) => [shard, connections]));
}

/**
 * Whatever a shard has gained or lost besides beginnings and ends came from another one or went there. A report that is
 * late shows on one side only, so the smaller side is what is certain.
 */
function carriedIn({ before, net }: Counted, after: ReadonlyMap<number, number>): number {
  let [gained, given] = [0, 0];
  for (const shard of new Set([...before.keys(), ...after.keys(), ...net.keys()])) {
    const moved = (after.get(shard) ?? 0) - (before.get(shard) ?? 0) - (net.get(shard) ?? 0);
    if (moved > 0) gained += moved;
    else given -= moved;
  }
  return Math.min(gained, given);
}
