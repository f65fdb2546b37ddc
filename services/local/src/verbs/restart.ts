import type { ShardMap } from '@flotilla-im/protocol';
import { homeCount, ownedCount } from '../screen/map-events.ts';
import { noSuchShard, secondsSince, type VerbDeps, type VerbResult } from './verb.ts';

/** Restarts a shard as a rollout would: its slots are lent, it hands its clients over and ends, starts again, and gets them back. */
export async function restart(id: number, deps: VerbDeps): Promise<VerbResult> {
  const { keeper, map, nowMs } = deps;
  if (!keeper.ids.includes(id)) return noSuchShard(id, deps);
  const begunMs = nowMs();
  await keeper.markDeleting(id);
  const lent = await map.until((next) => stateOf(next, id) !== 'up', deps.mapMs);
  if (lent === null)
    return { ok: false, text: `The map does not show shard ${id} leaving; see ${deps.logOf('operator')}.` };
  deps.say(
    `${lentText(lent, id)} ${secondsSince(begunMs, nowMs)} after the request; shard ${id} hands its clients over …`,
  );
  await keeper.stop(id, deps.drainMs);
  deps.say(`Shard ${id} has ended after ${secondsSince(begunMs, nowMs)}, and starts again …`);
  await keeper.startAgain(id);
  const home = await map.until((next) => isHome(next, id), deps.mapMs);
  if (home === null) return { ok: false, text: `Shard ${id} is not back yet; see ${deps.logOf(`shard-${id}`)}.` };
  return {
    ok: true,
    text: `Shard ${id} is back with its ${homeCount(home, id)} slots, after ${secondsSince(begunMs, nowMs)}.`,
  };
}

/** What the map says of a shard; null when it does not name it. */
export function stateOf(map: ShardMap, id: number): string | null {
  return map.shards.find((shard) => shard.id === id)?.state ?? null;
}

/** Whether a shard serves all the slots that are its own. */
export function isHome(map: ShardMap, id: number): boolean {
  return stateOf(map, id) === 'up' && ownedCount(map, id) >= homeCount(map, id);
}

/** What became of a shard's slots, as the beginning of a sentence. */
export function lentText(map: ShardMap, id: number): string {
  const count = homeCount(map, id);
  const isLent = ownedCount(map, id) === 0;
  return isLent ? `Its ${count} slots were lent` : `Nobody is there to lend its ${count} slots to, noticed`;
}
