import type { ClientEvent, StreamName } from './events.ts';
import { createLife } from './generation.ts';
import type { LogKey, LogMeta, LogSlice } from './log.ts';
import type { Notify } from './notify.ts';
import { PARTITION_COUNT, partitionOf } from './partition.ts';
import type { ConnectionEntry } from './presence.ts';
import type { Position } from '@flotilla-im/protocol';

/** Somebody who waits for the client's cursor to pass an offset of its inbox. */
export type MemoryWatcher =
  /** A receipt event is due; `head` is the entry's. */
  | { readonly kind: 'event'; readonly generation: string; readonly offset: number; readonly head: string }
  /** The hint `receipts:<instance>` is due until then. */
  | {
      readonly kind: 'hint';
      readonly generation: string;
      readonly offset: number;
      readonly instance: string;
      readonly untilMs: number;
    };

/** How the memory stores reach each other's side of what Redis keeps in one place. */
export interface MemoryLinks {
  /** To the subscriptions of a shard, later in this turn or the next; never within the call. */
  publish(shard: number, notify: Notify): void;
  publishHint(topic: string, text: string): void;
  /** Appends without a bound that refuses, counts and hints, as the scripts do for presence and receipts. */
  emit(stream: Exclude<StreamName, 'upstream'>, event: ClientEvent): void;
  /** As `LogStore.read`, at once. */
  readLog(log: LogKey, after: Position | null, page: { limit: number; maxBytes: number }): LogSlice;
  /** As `LogStore.meta`, at once. */
  logMeta(log: LogKey): LogMeta;
}

/** What the memory stores of one process share. Everything here is synchronous, so each step is atomic as a script is. */
export interface MemoryState {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Six hexadecimal digits that every generation begins with: there is one life. */
  readonly master: string;
  /** Of all partitions: nothing is ever lost but with the process. */
  readonly life: string;
  /** Milliseconds since 1970 at which that life began. */
  readonly bornMs: number;
  /** clientId → connection → entry; no empty maps. */
  readonly presence: Map<string, Map<string, ConnectionEntry>>;
  /** Channel → `<shard>|<incarnation>`; no empty sets. */
  readonly interest: Map<string, Set<string>>;
  /** Channel → its members; no empty sets. */
  readonly members: Map<string, Set<string>>;
  /** Receipts asked for and still waiting, by clientId. */
  readonly watchers: Map<string, MemoryWatcher[]>;
  /** By partition: shard → tail number. */
  readonly tails: readonly Map<number, number>[];
  /** Set by the stores as they are made. */
  readonly links: MemoryLinks;
}

/** An empty state. `links` are those of the stores that are put on it. */
export function createMemoryState(now: () => number, master: string, links: MemoryLinks): MemoryState {
  const bornMs = now();
  return {
    now,
    master,
    life: createLife(bornMs),
    bornMs,
    presence: new Map(),
    interest: new Map(),
    members: new Map(),
    watchers: new Map(),
    tails: Array.from({ length: PARTITION_COUNT }, () => new Map<number, number>()),
    links,
  };
}

/** The shards that must hear of a log: those with connections of an inbox's client, or with interest in a channel. */
export function memoryRoutes(state: MemoryState, log: LogKey): Set<number> {
  if (log.kind === 'inbox') {
    return new Set([...(state.presence.get(log.id)?.values() ?? [])].map(({ shard }) => shard));
  }
  return new Set([...(state.interest.get(log.id) ?? [])].map((field) => Number.parseInt(field, 10)));
}

/** Counts up a shard's tail in a partition. */
export function countTail(state: MemoryState, partition: number, shard: number): number {
  const tails = state.tails[partition];
  if (tails === undefined) throw new RangeError(`there is no partition ${partition}`);
  const tail = (tails.get(shard) ?? 0) + 1;
  tails.set(shard, tail);
  return tail;
}

/** Tells shards to reread a client. */
export function tellShards(state: MemoryState, shards: Iterable<number>, clientId: string): void {
  const partition = partitionOf(clientId);
  for (const shard of new Set(shards)) {
    state.links.publish(shard, { type: 'client', partition, tail: countTail(state, partition, shard), clientId });
  }
}
