import { FlotillaError } from '@flotilla-im/protocol';
import { PARTITION_COUNT } from '../partition.ts';
import type { RedisConnection } from './connection.ts';
import { listReply, textReply, textsReply } from './reply.ts';

/** About how many ids a page holds. Redis may answer a scan with some more. */
const PAGE = 500;

const CURSOR = /^(\d{1,3})\.(\d{1,20})$/;

interface Place {
  readonly partition: number;
  /** Of SSCAN or ZSCAN within the partition; `0` is its start. */
  readonly scan: string;
}

function parsePlace(cursor: string | null): Place {
  if (cursor === null) return { partition: 0, scan: '0' };
  const [, partition, scan] = CURSOR.exec(cursor) ?? [];
  if (partition !== undefined && scan !== undefined && Number(partition) < PARTITION_COUNT) {
    return { partition: Number(partition), scan };
  }
  throw new FlotillaError('bad_options', 'this cursor was not handed out by a list');
}

/** What to scan: a set or a sorted set of each partition. */
export interface PartitionedCollection {
  readonly keyOf: (partition: number) => string;
  readonly kind: 'set' | 'zset';
}

/**
 * A page of a collection that lies in all partitions, partition after partition. What is in it throughout is listed at
 * least once (the guarantee of SSCAN and ZSCAN), some perhaps twice. A page of many small partitions costs two round trips.
 *
 * @returns flat replies (`ZSCAN` has scores behind members) and the next cursor, null at the end
 * @throws {FlotillaError} bad_options for a cursor that this function did not return
 */
export async function scanPartitions(
  connection: RedisConnection,
  { keyOf, kind }: PartitionedCollection,
  cursor: string | null,
): Promise<{ items: string[]; next: string | null }> {
  const place = parsePlace(cursor);
  const scanCommand = kind === 'set' ? 'SSCAN' : 'ZSCAN';
  const sizeCommand = kind === 'set' ? 'SCARD' : 'ZCARD';
  const scan = async (partition: number, from: string) => {
    const [next, items] = listReply(await connection.command(scanCommand, keyOf(partition), from, 'COUNT', PAGE));
    return { next: textReply(next), items: textsReply(items) };
  };
  if (place.scan !== '0') {
    const { next, items } = await scan(place.partition, place.scan);
    return { items, next: nextCursor(place.partition, next) };
  }

  const ahead = Array.from({ length: PARTITION_COUNT - place.partition }, (_, i) => place.partition + i);
  const sizes = await Promise.all(ahead.map((partition) => connection.command(sizeCommand, keyOf(partition))));
  let expected = 0;
  const chosen: number[] = [];
  let last = place.partition;
  for (const [i, partition] of ahead.entries()) {
    const size = Number(sizes[i]);
    if (expected > 0 && expected + size > PAGE) break;
    expected += size;
    last = partition;
    if (size > 0) chosen.push(partition);
  }
  const pages = await Promise.all(chosen.map((partition) => scan(partition, '0')));
  // Only a partition that fills a page alone can be unfinished; others grew meanwhile and are finished here.
  for (const [i, page] of pages.entries()) {
    const partition = chosen[i] ?? 0;
    while (page.next !== '0' && partition !== last) {
      const more = await scan(partition, page.next);
      page.items.push(...more.items);
      page.next = more.next;
    }
  }
  const unfinished = chosen.at(-1) === last ? (pages.at(-1)?.next ?? '0') : '0';
  return { items: pages.flatMap((page) => page.items), next: nextCursor(last, unfinished) };
}

function nextCursor(partition: number, scan: string): string | null {
  if (scan !== '0') return `${partition}.${scan}`;
  return partition + 1 < PARTITION_COUNT ? `${partition + 1}.0` : null;
}
