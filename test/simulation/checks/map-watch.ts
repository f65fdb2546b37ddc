import { expandSlots, type ShardMap, SLOT_COUNT } from '@flotilla-im/protocol';
import type { MapAuthority } from '../../../operator/src/act/map-authority.ts';
import { Violation } from './violation.ts';

/** Every map that was ever in force, judged when it is written. */
export class MapRecord {
  /** How many slots each shard owns, by epoch. */
  readonly #shares = new Map<number, ReadonlyMap<number, number>>();
  /** Each map as it was written, by epoch. */
  readonly #written = new Map<number, string>();
  /** The newest epoch that each shard's process served by. */
  readonly #served = new Map<string, number>();
  #mirror = { epoch: 0, json: '' };
  #latest: ShardMap | null = null;
  readonly #onViolation: (violation: Violation) => void;

  constructor(onViolation: (violation: Violation) => void) {
    this.#onViolation = onViolation;
  }

  get latest(): ShardMap | null {
    return this.#latest;
  }

  /** The same authority, with everything that is written to it judged. */
  watch(authority: MapAuthority): MapAuthority {
    return {
      read: () => authority.read(),
      write: async (map, version) => {
        const outcome = await authority.write(map, version);
        if (outcome === 'written') this.#judge(map);
        return outcome;
      },
    };
  }

  /**
   * The map as shards and services read it: of each epoch the one that was written, and never an older one than before.
   *
   * @throws {Violation} mirror
   */
  checkMirror(mirror: ReadonlyMap<string, string> | undefined): void {
    const json = mirror?.get('map');
    if (json === undefined || json === this.#mirror.json) return;
    const { epoch } = JSON.parse(json) as ShardMap;
    if (epoch < this.#mirror.epoch) {
      throw new Violation('mirror', `epoch ${epoch} is read after ${this.#mirror.epoch}`);
    }
    if (json !== this.#written.get(epoch))
      throw new Violation('mirror', `what is read of epoch ${epoch} was never written`);
    this.#mirror = { epoch, json };
  }

  /** A replica took over that may lack the latest map. */
  promote(): void {
    this.#mirror = { epoch: 0, json: '' };
  }

  /** A shard's process says by which epoch it serves and how many slots it has then. @throws {Violation} slots */
  checkShare(shard: number, process: string, epoch: number, slots: number): void {
    if (epoch === 0) return;
    const before = this.#served.get(process) ?? 0;
    if (epoch < before) throw new Violation('slots', `shard ${shard} serves by epoch ${epoch} after ${before}`);
    this.#served.set(process, epoch);
    const own = this.#shares.get(epoch)?.get(shard) ?? 0;
    if (own !== slots)
      throw new Violation('slots', `shard ${shard} serves ${slots} slots of epoch ${epoch}, not ${own}`);
  }

  #judge(map: ShardMap): void {
    const before = this.#latest;
    this.#latest = map;
    this.#shares.set(map.epoch, countsOf(map.owner));
    this.#written.set(map.epoch, JSON.stringify(map));
    const problem = this.#problemOf(map, before);
    if (problem !== null) this.#onViolation(problem);
  }

  #problemOf(map: ShardMap, before: ShardMap | null): Violation | null {
    if (before !== null && map.epoch <= before.epoch) {
      return new Violation('epoch', `${map.epoch} was written after ${before.epoch}`);
    }
    return imbalanceOf(map) ?? (before === null ? null : needlessMoves(before, map));
  }
}

/** Runs are `[shard, count, …]`. */
function countsOf(runs: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>();
  for (let i = 0; i < runs.length; i += 2) {
    const id = runs[i] ?? 0;
    counts.set(id, (counts.get(id) ?? 0) + (runs[i + 1] ?? 0));
  }
  return counts;
}

/** Who has a slot by the runs of a map; null for nobody. */
export function shardAt(runs: readonly number[], slot: number): number | null {
  let left = slot;
  for (let i = 0; i < runs.length; i += 2) {
    left -= runs[i + 1] ?? 0;
    if (left < 0) return runs[i] ?? null;
  }
  return null;
}

/** Whether two tables are the same. */
export function isSameTable(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((number, i) => number === b[i]);
}

/** All shards that are up carry the same, give or take one slot. */
function imbalanceOf(map: ShardMap): Violation | null {
  if (map.home.length === 0) return null;
  const homes = countsOf(map.home);
  const present = map.shards.filter(({ id, state }) => state === 'up' && homes.has(id));
  if (present.length === 0) return null;
  const counts = countsOf(map.owner);
  const share = SLOT_COUNT / present.length;
  for (const { id } of present) {
    const own = counts.get(id) ?? 0;
    if (own < Math.floor(share) || own > Math.ceil(share) + 1) {
      return new Violation('balance', `shard ${id} has ${own} of ${SLOT_COUNT} slots among ${present.length}`);
    }
  }
  const known = new Set(map.shards.map(({ id }) => id));
  const stranger = [...counts.keys()].find((id) => !known.has(id));
  return stranger === undefined ? null : new Violation('balance', `shard ${stranger} owns slots and is not in the map`);
}

function isWhole({ shards, home, owner }: ShardMap): boolean {
  const homes = countsOf(home);
  const isAllUp = shards.filter(({ id }) => homes.has(id)).every(({ state }) => state === 'up');
  return isAllUp && isSameTable(home, owner);
}

/** From N to M shards, all of them up, |M - N| / max(N, M) of the slots move, give or take one a step. */
function needlessMoves(before: ShardMap, after: ShardMap): Violation | null {
  if (!isWhole(before) || !isWhole(after)) return null;
  const [n, m] = [countsOf(before.home).size, countsOf(after.home).size];
  const now = expandSlots(after.owner);
  const moved = expandSlots(before.owner).filter((id, slot) => now[slot] !== id).length;
  const steps = Math.abs(m - n);
  const most = Math.ceil((SLOT_COUNT * steps) / Math.max(n, m)) + steps;
  return n === 0 || moved <= most ? null : new Violation('movement', `${moved} slots moved from ${n} to ${m} shards`);
}
