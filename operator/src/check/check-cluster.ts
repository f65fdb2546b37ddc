import { setTimeout as sleep } from 'node:timers/promises';
import { type Flotilla, isFlotillaError } from '@flotilla-im/sdk';
import { checkWay, type Way } from './check-way.ts';
import { findVisitors } from './visitors.ts';

/** What a check needs. */
export interface CheckOptions {
  readonly im: Flotilla;
  /** How shards are reached; `urls` is what the map says of each. */
  readonly ways: (urls: ReadonlyMap<number, string>) => readonly Way[];
  /** Told what was found, a sentence a time. */
  readonly tell: (sentence: string) => void;
  /** Makes the clients' ids unique. */
  readonly run: string;
  /** For the map to say that all shards are up, for the connections of a way, for its messages; in milliseconds. */
  readonly patienceMs: number;
}

const LOOK_AGAIN_MS = 250;

/**
 * Checks that every shard of the map can be reached by every way, is the one it should be, and passes messages on.
 * Resolves to whether all of it was right.
 */
export async function checkCluster({ im, ways, tell, run, patienceMs }: CheckOptions): Promise<boolean> {
  const urls = await untilAllUp(im, tell, AbortSignal.timeout(patienceMs));
  if (urls === null) return false;
  const shards = [...urls.keys()];
  const visitors = await findVisitors(im, shards, run);
  let isRight = true;
  for (const way of ways(urls)) {
    const results = await checkWay(im, visitors, way, patienceMs);
    for (const result of results) tell(`${result.sentence}.`);
    isRight &&= results.every((result) => result.isRight);
  }
  tell(isRight ? `All ${shards.length} shards are well.` : 'Not all is well, see above.');
  return isRight;
}

/** The shards' addresses once all of them are up; null, and told why, when that does not come about. */
async function untilAllUp(
  im: Flotilla,
  tell: (sentence: string) => void,
  signal: AbortSignal,
): Promise<ReadonlyMap<number, string> | null> {
  for (;;) {
    const { shards, why } = await lookAtMap(im);
    if (why === null) return new Map(shards.map(({ shard, url }) => [shard, url]));
    if (signal.aborted) {
      tell(`${why}.`);
      return null;
    }
    await sleep(LOOK_AGAIN_MS);
  }
}

interface MapLook {
  readonly shards: readonly { readonly shard: number; readonly url: string }[];
  /** What is not as it should be; null when all is well. */
  readonly why: string | null;
}

async function lookAtMap(im: Flotilla): Promise<MapLook> {
  try {
    const { shards } = await im.fleet.current();
    const away = shards.filter(({ state }) => state !== 'up').map(({ shard }) => shard);
    if (shards.length === 0)
      return { shards, why: 'The shard map names no shard: none is deployed, or no operator runs' };
    return { shards, why: away.length === 0 ? null : `Not up, says the shard map: shard ${away.join(', ')}` };
  } catch (error) {
    if (!isFlotillaError(error)) throw error;
    return { shards: [], why: `The shard map cannot be read: ${error.message}` };
  }
}
