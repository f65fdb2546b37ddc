import { FlotillaError } from './errors.ts';
import { isRecord } from './record.ts';
import { MAP_SCHEMA, type ShardEntry, type ShardMap, type SlotRuns } from './shard-map.ts';
import { expandSlots } from './slot-runs.ts';
import { MAX_SHARD_ID } from './slots.ts';

const STATES: readonly unknown[] = ['up', 'draining', 'away'];
const URL_PATTERN = /^wss?:\/\/[^\s/?#]+(\/[^\s?#]*[^\s?#/])?$/;

/**
 * Reads a published map: its JSON text, or the value parsed from it. Fields of newer schemas are left out.
 *
 * @throws {FlotillaError} map_unsupported when only newer readers can use it, bad_map when it is malformed
 */
export function parseShardMap(value: unknown): ShardMap {
  const map = typeof value === 'string' ? parseJson(value) : value;
  if (!isRecord(map)) throw bad('it is no object');
  const { schema, compatible, epoch } = map;
  if (!isWhole(schema) || !isWhole(compatible)) throw bad('schema or compatible is no whole number');
  if (compatible > MAP_SCHEMA) {
    throw new FlotillaError(
      'map_unsupported',
      `the shard map needs schema ${compatible}, this software reads ${MAP_SCHEMA}`,
    );
  }
  if (!isWhole(epoch)) throw bad('epoch is no whole number');
  const shards = parseShards(map['shards']);
  const ids = new Set(shards.map((shard) => shard.id));
  if (ids.size !== shards.length) throw bad('a shard is listed twice');
  return { schema, compatible, epoch, shards, home: parseRuns(map['home'], ids), owner: parseRuns(map['owner'], ids) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FlotillaError('bad_map', 'shard map: it is not JSON', { cause });
  }
}

function parseShards(value: unknown): ShardEntry[] {
  if (!Array.isArray(value)) throw bad('shards is no list');
  return value.map((shard: unknown) => {
    if (!isRecord(shard)) throw bad('a shard is no object');
    const { id, url, state } = shard;
    if (!isWhole(id) || id > MAX_SHARD_ID) throw bad('a shard id is no whole number up to 65535');
    if (typeof url !== 'string' || !URL_PATTERN.test(url))
      throw bad(`the url of shard ${id} is no ws address without a trailing slash`);
    if (!STATES.includes(state)) throw bad(`the state of shard ${id} is unknown`);
    return { id, url, state: state as ShardEntry['state'] };
  });
}

function parseRuns(value: unknown, ids: ReadonlySet<number>): SlotRuns {
  if (!Array.isArray(value)) throw bad('slots are no list');
  const runs = value as SlotRuns;
  expandSlots(runs);
  if (runs.some((shard, i) => i % 2 === 0 && !ids.has(shard))) throw bad('a slot names a shard that is not listed');
  return runs;
}

const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function bad(reason: string): FlotillaError {
  return new FlotillaError('bad_map', `shard map: ${reason}`);
}
