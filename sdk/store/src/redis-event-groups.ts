import type { ClientEvent, EventStore, PartitionLease, StreamItem, StreamName } from './events.ts';
import { PARTITION_COUNT } from './partition.ts';
import type { RedisConnection } from './redis/connection.ts';
import { listReply, textReply, textsReply } from './redis/reply.ts';
import type { CompiledStateOptions } from './state-options.ts';

const partitions = Object.freeze(Array.from({ length: PARTITION_COUNT }, (_, partition) => partition));

/** Only what upstream accepted may be taken out early: others are read by those without a group, too. */
function trims(stream: StreamName): 0 | 1 {
  return stream === 'upstream' ? 1 : 0;
}

interface GroupLeases {
  readonly stream: StreamName;
  readonly group: string;
  readonly held: PartitionLease[];
}

function byGroup(leases: readonly PartitionLease[]): GroupLeases[] {
  const groups = new Map<string, GroupLeases>();
  for (const lease of leases) {
    const { stream, group } = lease;
    const name = `${stream}:${group}`;
    const known = groups.get(name);
    if (known === undefined) groups.set(name, { stream, group, held: [lease] });
    else known.held.push(lease);
  }
  return [...groups.values()];
}

function createLeasing(connection: RedisConnection): Pick<EventStore, 'lease' | 'release'> {
  const { keys } = connection;
  const open = ({ stream, group, partition, token }: PartitionLease) =>
    connection.script(
      'event-open',
      [
        keys.streamLease(partition, stream, group),
        keys.streamGroups(partition, stream),
        keys.stream(partition, stream),
        keys.streamCounts(partition),
      ],
      [token, group, stream],
    );
  return {
    async lease(stream, group, consumer, ttlMs) {
      const key = keys.consumers(stream, group);
      const reply = listReply(await connection.script('consumers-lease', [key], [consumer, ttlMs, PARTITION_COUNT]));
      const held: PartitionLease[] = [];
      const taken: PartitionLease[] = [];
      for (let i = 0; i < reply.length; i += 3) {
        const lease = { stream, group, partition: Number(reply[i]), token: Number(reply[i + 1]) };
        held.push(lease);
        if (reply[i + 2] === 1) taken.push(lease);
      }
      await Promise.all(taken.map(open));
      return held;
    },
    async release(consumer, leases) {
      await Promise.all(
        byGroup(leases).map(({ stream, group, held }) => {
          const tokens = held.flatMap(({ partition, token }) => [partition, token]);
          return connection.script('consumers-release', [keys.consumers(stream, group)], [consumer, ...tokens]);
        }),
      );
    },
  };
}

function createConsuming(
  connection: RedisConnection,
  options: CompiledStateOptions,
): Pick<EventStore, 'read' | 'ack' | 'deadLetter'> {
  const { keys } = connection;
  const groupKeys = ({ stream, group, partition }: PartitionLease) => [
    keys.streamLease(partition, stream, group),
    keys.streamGroups(partition, stream),
    keys.stream(partition, stream),
    keys.streamCounts(partition),
  ];
  const ackArgs = ({ stream, partition, token }: PartitionLease, id: string) => [
    token,
    id,
    stream,
    trims(stream),
    keys.streamLease(partition, stream, ''),
  ];
  const ack = async (lease: PartitionLease, id: string): Promise<boolean> =>
    (await connection.script('event-ack', groupKeys(lease), ackArgs(lease, id))) === 1;
  return {
    async read(lease, limit) {
      const { stream, group, partition, token } = lease;
      const args = [token, group, stream, Math.max(1, limit)];
      for (;;) {
        const [isHeld, attempts, ...flat] = listReply(await connection.script('event-read', groupKeys(lease), args));
        if (isHeld !== 1 || flat.length === 0) return [];
        const items = parseItems(partition, flat.map(textReply), Number(attempts));
        // Nothing but what cannot be read: nobody else would confirm it, and it would be in the way for ever.
        if (items.length > 0 || !(await ack(lease, textReply(flat.at(-2))))) return items;
      }
    },
    ack,
    async deadLetter(lease, item, error) {
      const { stream, group, partition } = lease;
      const reply = await connection.script(
        'event-dead-letter',
        [...groupKeys(lease), keys.deadLetters(partition, stream, group)],
        [...ackArgs(lease, item.id), JSON.stringify(item.event), item.attempt, error, options.deadLetters],
      );
      return reply === 1;
    },
  };
}

/**
 * Items of a flat reply `id, event, id, event…`; `attempts` is the first one's. What no version of Flotilla wrote is passed
 * over: one such event must not hold up those behind it.
 */
export function parseItems(partition: number, flat: readonly string[], attempts: number): StreamItem[] {
  const items: StreamItem[] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) {
    const event = parseEvent(flat[i + 1] ?? '');
    if (event === null) continue;
    items.push({ id: flat[i] ?? '', partition, event, attempt: i === 0 ? Math.max(1, attempts) : 1 });
  }
  return items;
}

function parseEvent(json: string): ClientEvent | null {
  try {
    const event = JSON.parse(json) as ClientEvent | null;
    return typeof event?.type === 'string' && typeof event.clientId === 'string' ? event : null;
  } catch {
    return null;
  }
}

interface DeadLetter {
  readonly item: StreamItem;
  readonly error: string;
}

function parseDeadLetter(partition: number, fields: readonly string[]): DeadLetter | null {
  const [, id = '', , json = '', , attempt, , error = ''] = fields;
  const event = parseEvent(json);
  return event === null ? null : { item: { id, partition, event, attempt: Number(attempt) }, error };
}

function createOverview(connection: RedisConnection): Pick<EventStore, 'deadLetters' | 'backlog' | 'forget'> {
  const { keys } = connection;
  const deadLettersOf = async (partition: number, stream: StreamName, group: string, limit: number) => {
    const key = keys.deadLetters(partition, stream, group);
    const entries = listReply(await connection.command('XRANGE', key, '-', '+', 'COUNT', limit));
    return entries.flatMap((entry) => {
      const [id, fields] = listReply(entry);
      const letter = parseDeadLetter(partition, textsReply(fields));
      return letter === null ? [] : { at: Number.parseInt(textReply(id), 10), letter };
    });
  };
  return {
    async deadLetters(stream, group, limit) {
      const found = await Promise.all(partitions.map((partition) => deadLettersOf(partition, stream, group, limit)));
      const inOrder = found.flat().sort((a, b) => a.at - b.at);
      return inOrder.slice(0, limit).map(({ letter }) => letter);
    },
    async backlog(stream, group) {
      const counts = await Promise.all(
        partitions.map((partition) =>
          connection.script(
            'event-backlog',
            [keys.streamLease(partition, stream, group), keys.stream(partition, stream), keys.streamCounts(partition)],
            [stream],
          ),
        ),
      );
      return counts.reduce<number>((sum, count) => sum + Number(count), 0);
    },
    async forget(stream, group) {
      await connection.command('DEL', keys.consumers(stream, group));
      await Promise.all(
        partitions.map((partition) =>
          connection.script(
            'event-forget',
            [
              keys.streamLease(partition, stream, group),
              keys.streamGroups(partition, stream),
              keys.deadLetters(partition, stream, group),
              keys.stream(partition, stream),
            ],
            [group, trims(stream), keys.streamLease(partition, stream, '')],
          ),
        ),
      );
    },
  };
}

/** Consumer groups in Redis: a position each partition, and one consumer that holds it. */
export function createRedisEventGroups(
  connection: RedisConnection,
  options: CompiledStateOptions,
): Omit<EventStore, 'append' | 'tail'> {
  return { ...createLeasing(connection), ...createConsuming(connection, options), ...createOverview(connection) };
}
