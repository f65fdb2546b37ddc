import type { EventStore, PartitionLease, StreamItem, StreamName } from './events.ts';
import type { MemoryStreams } from './memory-streams.ts';
import { PARTITION_COUNT } from './partition.ts';
import type { CompiledStateOptions } from './state-options.ts';

interface Holding {
  token: number;
  untilMs: number;
  consumer: string;
}

interface Consumers {
  readonly aliveUntilMs: Map<string, number>;
  readonly holdings: Map<number, Holding>;
}

/** What a consumer group left to do in one partition. */
interface GroupState {
  token: number;
  /** Number of the last acknowledged event; 0 for none. */
  acked: number;
  head: number;
  attempts: number;
  readonly deadLetters: { item: StreamItem; error: string }[];
}

/** Consumer groups in memory; the scripts `consumers-lease` and `event-*` are the same in Redis. */
export class MemoryEventGroups {
  readonly #streams: MemoryStreams;
  readonly #now: () => number;
  readonly #consumers = new Map<string, Consumers>();
  readonly #groups = new Map<string, GroupState>();
  #token = 0;

  constructor(streams: MemoryStreams, now: () => number) {
    this.#streams = streams;
    this.#now = now;
  }

  /** Numbers up to which each group of a stream acknowledged, in one partition; empty without a group. */
  acknowledged(stream: StreamName, partition: number): number[] {
    const prefix = `${stream} ${partition} `;
    return [...this.#groups].flatMap(([name, { acked }]) => (name.startsWith(prefix) ? [acked] : []));
  }

  /** The group's place in a partition, made on its consumer's arrival; `null` when a later token is known. */
  admit({ stream, group, partition, token }: PartitionLease): GroupState | null {
    const name = `${stream} ${partition} ${group}`;
    const known = this.#groups.get(name) ?? { token, acked: 0, head: 0, attempts: 0, deadLetters: [] };
    if (known.token > token) return null;
    known.token = token;
    this.#groups.set(name, known);
    return known;
  }

  /** The group's place, if the lease is the one that holds. */
  held({ stream, group, partition, token }: PartitionLease): GroupState | null {
    const known = this.#groups.get(`${stream} ${partition} ${group}`);
    return known?.token === token ? known : null;
  }

  lease(stream: StreamName, group: string, consumer: string, ttlMs: number): PartitionLease[] {
    const { aliveUntilMs, holdings } = this.#consumersOf(stream, group);
    const now = this.#now();
    aliveUntilMs.set(consumer, now + ttlMs);
    for (const [name, untilMs] of aliveUntilMs) if (untilMs <= now) aliveUntilMs.delete(name);
    const share = Math.ceil(PARTITION_COUNT / aliveUntilMs.size);
    const held: PartitionLease[] = [];
    const hold = (partition: number, token: number) => {
      holdings.set(partition, { token, untilMs: now + ttlMs, consumer });
      held.push({ stream, group, partition, token });
    };
    for (const [partition, holding] of holdings) {
      if (holding.consumer === consumer && held.length < share) hold(partition, holding.token);
    }
    for (let partition = 0; partition < PARTITION_COUNT && held.length < share; partition++) {
      const holding = holdings.get(partition);
      if (holding !== undefined && (holding.consumer === consumer || holding.untilMs > now)) continue;
      hold(partition, ++this.#token);
    }
    for (const lease of held) this.admit(lease);
    return held;
  }

  release(consumer: string, leases: readonly PartitionLease[]): void {
    for (const { stream, group, partition, token } of leases) {
      const { aliveUntilMs, holdings } = this.#consumersOf(stream, group);
      const holding = holdings.get(partition);
      if (holding?.token === token && holding.consumer === consumer) holdings.delete(partition);
      if (![...holdings.values()].some((other) => other.consumer === consumer)) aliveUntilMs.delete(consumer);
    }
  }

  backlog(stream: StreamName, group: string): number {
    let sum = 0;
    for (let partition = 0; partition < PARTITION_COUNT; partition++) {
      const acked = this.#groups.get(`${stream} ${partition} ${group}`)?.acked ?? 0;
      sum += this.#streams.after(stream, partition, acked).length;
    }
    return sum;
  }

  deadLetters(stream: StreamName, group: string): { item: StreamItem; error: string }[] {
    const found: { item: StreamItem; error: string }[] = [];
    for (let partition = 0; partition < PARTITION_COUNT; partition++) {
      found.push(...(this.#groups.get(`${stream} ${partition} ${group}`)?.deadLetters ?? []));
    }
    return found;
  }

  forget(stream: StreamName, group: string): void {
    this.#consumers.delete(`${stream} ${group}`);
    for (let partition = 0; partition < PARTITION_COUNT; partition++)
      this.#groups.delete(`${stream} ${partition} ${group}`);
  }

  #consumersOf(stream: StreamName, group: string): Consumers {
    const name = `${stream} ${group}`;
    const known = this.#consumers.get(name) ?? { aliveUntilMs: new Map(), holdings: new Map() };
    this.#consumers.set(name, known);
    return known;
  }
}

/** Takes what every group acknowledged out of a stream; without a group nothing, since nobody took it. */
function trim(groups: MemoryEventGroups, streams: MemoryStreams, stream: StreamName, partition: number): void {
  // Only what upstream accepted may be taken out early: others are read by those without a group, too.
  if (stream !== 'upstream') return;
  const acknowledged = groups.acknowledged(stream, partition);
  if (acknowledged.length > 0) streams.dropUpTo(stream, partition, Math.min(...acknowledged));
}

/** The part of the store that consumer groups are. */
export function createMemoryGroupStore(
  groups: MemoryEventGroups,
  streams: MemoryStreams,
  options: CompiledStateOptions,
): Omit<EventStore, 'append' | 'tail'> {
  const acknowledge = ({ stream, partition }: PartitionLease, state: GroupState, id: string) => {
    state.acked = Math.max(state.acked, Number(id));
    trim(groups, streams, stream, partition);
  };
  return {
    lease: (stream, group, consumer, ttlMs) => Promise.resolve(groups.lease(stream, group, consumer, ttlMs)),
    read(lease, limit) {
      const state = groups.admit(lease);
      if (state === null) return Promise.resolve([]);
      const waiting = streams.after(lease.stream, lease.partition, state.acked).slice(0, Math.max(1, limit));
      const [oldest] = waiting;
      if (oldest === undefined) return Promise.resolve([]);
      state.attempts = state.head === oldest.number ? state.attempts + 1 : 1;
      state.head = oldest.number;
      const items = waiting.map(({ number, event }, i) => {
        return { id: String(number), partition: lease.partition, event, attempt: i === 0 ? state.attempts : 1 };
      });
      return Promise.resolve(items);
    },
    ack(lease, id) {
      const state = groups.held(lease);
      if (state !== null) acknowledge(lease, state, id);
      return Promise.resolve(state !== null);
    },
    deadLetter(lease, item, error) {
      const state = groups.held(lease);
      if (state === null) return Promise.resolve(false);
      state.deadLetters.push({ item, error });
      if (state.deadLetters.length > options.deadLetters) state.deadLetters.shift();
      acknowledge(lease, state, item.id);
      return Promise.resolve(true);
    },
    deadLetters: (stream, group, limit) => Promise.resolve(groups.deadLetters(stream, group).slice(0, limit)),
    release(consumer, leases) {
      groups.release(consumer, leases);
      return Promise.resolve();
    },
    backlog: (stream, group) => Promise.resolve(groups.backlog(stream, group)),
    forget(stream, group) {
      groups.forget(stream, group);
      for (let partition = 0; partition < PARTITION_COUNT; partition++) trim(groups, streams, stream, partition);
      return Promise.resolve();
    },
  };
}
