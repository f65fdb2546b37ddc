import { setTimeout as sleep } from 'node:timers/promises';
import type { Flotilla } from '@flotilla-im/sdk';
import { type ConnectedVisitor, connectVisitor, type Visitor } from './visitors.ts';

/** One of the ways that lead to every shard. */
export interface Way {
  /** As a sentence needs it: `by its Service`. */
  readonly name: string;
  /** A shard's address by this way. */
  readonly baseOf: (shard: number) => string;
}

/** What came of one shard. */
export interface ShardResult {
  readonly shard: number;
  readonly isRight: boolean;
  readonly sentence: string;
}

const LOOK_AGAIN_MS = 20;

/**
 * Connects one client to each shard by the way, and has each of them send a durable message to the next one's client.
 * All at once; rejects never, unless the store fails at the end.
 *
 * @param patienceMs - for the connections, and again for the messages
 */
export async function checkWay(
  im: Flotilla,
  visitors: readonly Visitor[],
  way: Way,
  patienceMs: number,
): Promise<readonly ShardResult[]> {
  const arriving = AbortSignal.timeout(patienceMs);
  const arrivals = await Promise.allSettled(
    visitors.map((visitor) => connectVisitor(im, visitor, way.baseOf(visitor.shard), arriving)),
  );
  const connected = arrivals.flatMap((arrival) => (arrival.status === 'fulfilled' ? [arrival.value] : []));
  const sending = AbortSignal.timeout(patienceMs);
  try {
    return await Promise.all(
      visitors.map(async ({ shard }, at) => {
        const begin = `Shard ${shard} ${way.name}: `;
        try {
          const arrival = arrivals[at];
          if (arrival?.status === 'rejected') throw arrival.reason;
          return { shard, isRight: true, sentence: begin + (await passOn(connected, shard, sending)) };
        } catch (error) {
          return { shard, isRight: false, sentence: begin + (error instanceof Error ? error.message : String(error)) };
        }
      }),
    );
  } finally {
    await Promise.all(connected.map(({ connection }) => connection.close()));
  }
}

/** A message of the shard's client to that of the next shard that is connected, the first after the last. */
async function passOn(ring: readonly ConnectedVisitor[], shard: number, signal: AbortSignal): Promise<string> {
  const at = ring.findIndex((visitor) => visitor.shard === shard);
  const [from, to] = [ring[at], ring[(at + 1) % ring.length]];
  if (from === undefined || to === undefined) throw new Error('not connected');
  await from.connection.send({ to: to.clientId, data: { check: shard }, signal });
  while (!to.messages.some((message) => message.from === from.clientId)) {
    if (signal.aborted) throw new Error(`its message did not arrive at shard ${to.shard}`);
    await sleep(LOOK_AGAIN_MS);
  }
  return `connected, and its message arrived at shard ${to.shard}`;
}
