import type { EncodedEntry } from './entry.ts';
import { damaged, parseBody, parseEntry, readNumber, reencodeEntry } from './entry-codec.ts';
import type { LogKey } from './log.ts';
import type { Notified, Notify } from './notify.ts';
import { PARTITION_COUNT } from './partition.ts';

/*
 * What travels on a shard's channel. The scripts write `d`, `l` and `c`; senders write `m` and `p`.
 *
 * d one or more of: <tail> <generation> <offset> <partition> <entryLength> <i|c> <idLength>\n<id><ms> <entry>
 * m <jsonLength>\n[[partition,tail,generation,offset,"i"|"c",id,ms],…]<entry without its time>
 * l <i|c> <idLength>\n<id><entry>
 * c <partition> <tail>\n<clientId>
 * p <id>
 *
 * Lengths are in UTF-16 units; that of an entry is without its time.
 */

type ManyItem = [
  partition: number,
  tail: number,
  generation: string,
  offset: number,
  kind: 'i' | 'c',
  id: string,
  ms: number,
];

const CHANNEL = 99;

function logKey(kindCode: number, id: string): LogKey {
  return { kind: kindCode === CHANNEL ? 'channel' : 'inbox', id };
}

/** `<i|c> <idLength>\n<id>`: how a log is named within a notify. */
export function encodeLogName(log: LogKey): string {
  return `${log.kind === 'inbox' ? 'i' : 'c'} ${log.id.length}\n${log.id}`;
}

/** How a log is named where its messages are noted: with the length of the entry, which Lua could tell in bytes only. */
export function encodeNotedName(log: LogKey, entry: EncodedEntry): string {
  return `${entry.length} ${encodeLogName(log)}`;
}

function parseDurable(text: string): Notify {
  const items: Notified[] = [];
  for (let start = 2; start < text.length;) start = readNoted(text, start, items);
  return { type: 'durable', items };
}

/** Reads one message noted at `start`; returns where the next one begins. */
function readNoted(text: string, start: number, items: Notified[]): number {
  const tailEnd = text.indexOf(' ', start);
  const generationEnd = text.indexOf(' ', tailEnd + 1);
  const offsetEnd = text.indexOf(' ', generationEnd + 1);
  const partitionEnd = text.indexOf(' ', offsetEnd + 1);
  const lengthEnd = text.indexOf(' ', partitionEnd + 1);
  const nameEnd = text.indexOf('\n', lengthEnd + 4);
  const timeStart = nameEnd + 1 + readNumber(text, lengthEnd + 3, nameEnd);
  const timeEnd = text.indexOf(' ', timeStart);
  const end = timeEnd + 1 + readNumber(text, partitionEnd + 1, lengthEnd);
  const generation = text.slice(tailEnd + 1, generationEnd);
  const offset = readNumber(text, generationEnd + 1, offsetEnd);
  const at = readNumber(text, timeStart, timeEnd);
  // Without progress it would be read for ever.
  if (!(end > timeEnd && end <= text.length)) throw damaged();
  items.push(
    checked({
      partition: readNumber(text, offsetEnd + 1, partitionEnd),
      tail: readNumber(text, start, tailEnd),
      log: logKey(text.charCodeAt(lengthEnd + 1), text.slice(nameEnd + 1, timeStart)),
      entry: parseBody(text, timeEnd + 1, generation, offset, at, end),
    }),
  );
  return end;
}

/** Numbers that are none would be remembered: as a tail, an offset or a partition that never is. */
function checked(item: Notified): Notified {
  const { entry } = item;
  const isWhole = Number.isSafeInteger(entry.offset) && entry.offset >= 0 && Number.isSafeInteger(entry.at);
  if (!isWhole || !isPlace(item.partition, item.tail)) throw damaged();
  return item;
}

function isPlace(partition: number, tail: number): boolean {
  return Number.isInteger(partition) && partition >= 0 && partition < PARTITION_COUNT && Number.isSafeInteger(tail);
}

function parseMany(text: string): Notify {
  const lengthEnd = text.indexOf('\n', 2);
  const entryStart = lengthEnd + 1 + readNumber(text, 2, lengthEnd);
  if (!(entryStart <= text.length)) throw damaged();
  const rows = parseRows(text.slice(lengthEnd + 1, entryStart));
  const body = parseBody(text, entryStart, '0', 0, 0);
  const items = rows.map(([partition, tail, generation, offset, kind, id, at]): Notified => {
    if (typeof id !== 'string' || typeof generation !== 'string') throw damaged();
    const log = { kind: kind === 'c' ? 'channel' : 'inbox', id } as const;
    return checked({ partition, tail, log, entry: { ...body, generation, offset, at } });
  });
  return { type: 'durable', items };
}

function parseRows(json: string): readonly ManyItem[] {
  let rows: unknown;
  try {
    rows = JSON.parse(json);
  } catch {
    throw damaged();
  }
  if (!Array.isArray(rows) || !rows.every((row) => Array.isArray(row))) throw damaged();
  return rows as unknown as readonly ManyItem[];
}

function parseLive(text: string): Notify {
  const nameEnd = text.indexOf('\n', 4);
  const entryStart = nameEnd + 1 + readNumber(text, 4, nameEnd);
  if (!(entryStart <= text.length)) throw damaged();
  const log = logKey(text.charCodeAt(2), text.slice(nameEnd + 1, entryStart));
  return { type: 'live', log, entry: parseEntry(text, entryStart, '0', 0) };
}

function parseClient(text: string): Notify {
  const partitionEnd = text.indexOf(' ', 2);
  const tailEnd = text.indexOf('\n', partitionEnd);
  const partition = readNumber(text, 2, partitionEnd);
  const tail = readNumber(text, partitionEnd + 1, tailEnd);
  if (!isPlace(partition, tail)) throw damaged();
  return { type: 'client', partition, tail, clientId: text.slice(tailEnd + 1) };
}

/**
 * Reads what a shard's channel carried; `null` for a kind that a newer version may send. A live entry's position is
 * `0.0`: it has none. Hot path: lengths and numbers are checked, so that whatever comes is read to its end; names and
 * data are taken as they are.
 *
 * @throws {FlotillaError} internal, when it is damaged
 */
export function parseNotify(text: string): Notify | null {
  switch (text.charCodeAt(0)) {
    case 100:
      return parseDurable(text);
    case 109:
      return parseMany(text);
    case 108:
      return parseLive(text);
    case 99:
      return parseClient(text);
    case 112:
      return { type: 'canary', id: text.slice(2) };
    default:
      return null;
  }
}

/** A canary that comes back as `{ type: 'canary', id }`. */
export function encodeCanary(id: string): string {
  return `p ${id}`;
}

function encodeSame(items: readonly Notified[], entry: EncodedEntry): string {
  const rows = items.map(({ partition, tail, log, entry: { generation, offset, at } }): ManyItem => {
    return [partition, tail, generation, offset, log.kind === 'inbox' ? 'i' : 'c', log.id, at];
  });
  const json = JSON.stringify(rows);
  return `m ${json.length}\n${json}${entry}`;
}

/** The texts that tell a shard of many appends: one for each different content, which travels once. */
export function encodeMany(items: readonly Notified[]): string[] {
  const byContent = new Map<EncodedEntry, Notified[]>();
  for (const item of items) {
    const entry = reencodeEntry(item.entry);
    const same = byContent.get(entry);
    if (same === undefined) byContent.set(entry, [item]);
    else same.push(item);
  }
  return [...byContent].map(([entry, same]) => encodeSame(same, entry));
}
