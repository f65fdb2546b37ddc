import { type CompiledMap, SLOT_COUNT } from '@flotilla-im/protocol';
import type { Lease } from '@flotilla-im/store';
import type { FleetMove } from './fleet.ts';

const SETTLED = -1;

/**
 * Slots on their way: since their owner changed, until the shard they left serves by that map and has nobody left to send
 * away, or is gone. A guest that stays is none of them: it is served there in full, for as long as it is connected. Sees
 * only the changes it is told of.
 */
export class SlotMoves {
  /** By slot: the shard it left, or -1. */
  readonly #from = new Int32Array(SLOT_COUNT).fill(SETTLED);
  readonly #epoch = new Float64Array(SLOT_COUNT);
  #map: CompiledMap | null = null;

  /** A newer map. */
  mapChanged(map: CompiledMap): void {
    const before = this.#map?.owner;
    this.#map = map;
    for (let slot = 0; slot < map.owner.length; slot += 1) {
      const from = before?.[slot];
      if (from === undefined || from === map.owner[slot]) continue;
      this.#from[slot] = from;
      this.#epoch[slot] = map.epoch;
    }
  }

  /** Moves that have not ended, given what the shards report now. */
  underWay(leases: readonly Lease[]): FleetMove[] {
    const counts = new Map<string, { from: number; to: number; slots: number }>();
    for (let slot = 0; slot < SLOT_COUNT; slot += 1) {
      const from = this.#from[slot] ?? SETTLED;
      const to = this.#map?.owner[slot];
      if (from === SETTLED || to === undefined) continue;
      if (from === to || hasEnded(leases, from, this.#epoch[slot] ?? 0)) {
        this.#from[slot] = SETTLED;
        continue;
      }
      const key = `${from} ${to}`;
      const count = counts.get(key) ?? { from, to, slots: 0 };
      counts.set(key, { ...count, slots: count.slots + 1 });
    }
    return [...counts.values()].map((move) => ({ ...move, guests: guestsOf(leases, move.from) }));
  }
}

function hasEnded(leases: readonly Lease[], shard: number, epoch: number): boolean {
  return leases.every((lease) => lease.shard !== shard || (leavingOf(lease) === 0 && lease.epoch >= epoch));
}

function guestsOf(leases: readonly Lease[], shard: number): number {
  return leases.reduce((sum, lease) => sum + (lease.shard === shard ? leavingOf(lease) : 0), 0);
}

function leavingOf({ guests, staying = 0 }: Lease): number {
  return guests - staying;
}
