import { PARTITION_COUNT } from './partition.ts';
import type { PresenceStore } from './presence.ts';
import type { RedisConnection } from './redis/connection.ts';
import { listReply, textReply, textsReply } from './redis/reply.ts';
import type { CompiledStateOptions } from './state-options.ts';

/** Clients or channels one call of a script takes; each holds Redis up for some 10 µs. */
const BATCH = 100;

/** Partitions worked on at once: enough to hide the way there and back, few enough to let others in between. */
const ABREAST = 32;

/** How long a fenced incarnation is remembered, milliseconds. A pod cannot sleep longer and still hold connections. */
const FENCE_MS = 30 * 86_400_000;

/** Joins and leaves that were left unfinished, finished by the channel store. */
export type SettleUnfinished = (channel: string, clientId: string, operation: string) => Promise<void>;

/** Partitions that one question names. */
const ASKED = 64;

const ALL_PARTITIONS: readonly number[] = Array.from({ length: PARTITION_COUNT }, (_, partition) => partition);

async function sumOver(partitions: readonly number[], work: (partition: number) => Promise<number>): Promise<number> {
  let sum = 0;
  for (const some of inGroups(partitions, ABREAST)) {
    for (const part of await Promise.all(some.map(work))) sum += part;
  }
  return sum;
}

function inGroups(partitions: readonly number[], size: number): number[][] {
  const count = Math.ceil(partitions.length / size);
  return Array.from({ length: count }, (_, i) => partitions.slice(i * size, (i + 1) * size));
}

/** What one question may be about: many partitions where there is one master. */
function askedTogether({ target }: RedisConnection): number[][] {
  return inGroups(ALL_PARTITIONS, target.kind === 'cluster' ? 1 : ASKED);
}

/** Finds the partitions in which there is something to sweep: mostly none, so one question is for many where there is one master. */
function createDueSearch(connection: RedisConnection, options: CompiledStateOptions): () => Promise<number[]> {
  const { keys } = connection;
  const groups = askedTogether(connection);
  const dueAmong = async (partitions: readonly number[]): Promise<number[]> => {
    const scriptKeys = partitions.flatMap((partition) => [keys.grace(partition), keys.unsettled(partition)]);
    const places = listReply(await connection.script('due', scriptKeys, [options.unsettledAfterMs]));
    return places.map((place) => partitions[Number(place)] as number);
  };
  return async () => {
    const due: number[] = [];
    for (let i = 0; i < groups.length; i += ABREAST) {
      due.push(...(await Promise.all(groups.slice(i, i + ABREAST).map(dueAmong))).flat());
    }
    return due;
  };
}

function createReaping(
  connection: RedisConnection,
  options: CompiledStateOptions,
): (partition: number, incarnation: string, graceMs: number) => Promise<number> {
  const { keys } = connection;
  return async (partition, incarnation, graceMs) => {
    const scriptKeys = [
      keys.fenced(partition),
      keys.incarnation(partition, incarnation),
      keys.incarnations(partition),
      keys.grace(partition),
      keys.stream(partition, 'presence'),
      keys.streamCounts(partition),
      keys.followed(partition, incarnation),
    ];
    const { presence, control, interest } = keys.prefixes(partition);
    const args = [incarnation, graceMs, BATCH, presence, control, interest, partition, keys.hintChannelPrefix];
    for (let touched = 0; ;) {
      const reply = await connection.script('reap', scriptKeys, [...args, options.streams.presence, FENCE_MS]);
      const [clients, more] = listReply(reply);
      touched += Number(clients);
      if (more !== 1) return touched;
    }
  };
}

function createSweeping(
  connection: RedisConnection,
  options: CompiledStateOptions,
  settleUnfinished: SettleUnfinished,
): (partition: number) => Promise<number> {
  const { keys } = connection;
  const { unsettledAfterMs, streams, clientStateMs } = options;
  return async (partition) => {
    const { presence, control } = keys.prefixes(partition);
    const scriptKeys = [
      keys.grace(partition),
      keys.online(partition),
      keys.stream(partition, 'presence'),
      keys.streamCounts(partition),
      keys.unsettled(partition),
    ];
    const args = [presence, control, BATCH, unsettledAfterMs, partition, keys.hintChannelPrefix, streams.presence];
    for (let offline = 0; ;) {
      const reply = await connection.script('sweep', scriptKeys, [...args, clientStateMs]);
      const [ended, seen, ...unfinished] = listReply(reply);
      offline += Number(ended);
      for (const text of unfinished) {
        const named = parseUnfinished(textReply(text));
        if (named === null) await connection.command('ZREM', keys.unsettled(partition), textReply(text));
        else await settleUnfinished(...named);
      }
      if (Number(seen) < BATCH) return offline;
    }
  };
}

/** `[channel, clientId, operation]`; null for what no version of Flotilla wrote, which nobody could settle. */
export function parseUnfinished(json: string): [string, string, string] | null {
  try {
    const named: unknown = JSON.parse(json);
    const isNamed = Array.isArray(named) && named.length === 3 && named.every((name) => typeof name === 'string');
    return isNamed ? (named as [string, string, string]) : null;
  } catch {
    return null;
  }
}

/** What one surviving shard does for those that are gone. */
export function createRedisReaper(
  connection: RedisConnection,
  options: CompiledStateOptions,
  settleUnfinished: SettleUnfinished,
): Pick<PresenceStore, 'reap' | 'sweep' | 'incarnations'> {
  const { keys } = connection;
  const reap = createReaping(connection, options);
  const findDue = createDueSearch(connection, options);
  const sweep = createSweeping(connection, options, settleUnfinished);
  return {
    reap: (incarnation, graceMs = options.graceMs) =>
      sumOver(ALL_PARTITIONS, (partition) => reap(partition, incarnation, graceMs)),
    sweep: async () => sumOver(await findDue(), sweep),
    async incarnations() {
      const replies = await Promise.all(
        askedTogether(connection).map((partitions) =>
          connection.command(
            'ZUNION',
            partitions.length,
            ...partitions.map((partition) => keys.incarnations(partition)),
          ),
        ),
      );
      return [...new Set(replies.flatMap(textsReply))];
    },
  };
}
