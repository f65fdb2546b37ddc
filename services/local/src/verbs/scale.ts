import { movementBetween } from '@flotilla-im/operator/local';
import { SLOT_COUNT, type ShardMap } from '@flotilla-im/protocol';
import { shardCount } from '../screen/map-events.ts';
import { secondsSince, type VerbDeps, type VerbResult } from './verb.ts';

/**
 * To so many shards. Up: they start, and once they serve the map gives them their slots. Down: the map takes their slots away,
 * then they hand their clients over and end. Done when the map shows it and nobody is left over.
 */
export async function scale(count: number, deps: VerbDeps): Promise<VerbResult> {
  const { keeper, map, mapMs, nowMs } = deps;
  const before = map.current();
  const had = keeper.desired;
  if (count === had) return { ok: true, text: `There ${count === 1 ? 'is' : 'are'} ${shards(count)} already.` };
  const begunMs = nowMs();
  await keeper.setDesired(count);
  const after = await map.until((next) => shardCount(next) === count, mapMs);
  if (after === null) return { ok: false, text: stuck(count, deps) };
  const moved = `${shards(had)} → ${count} in ${secondsSince(begunMs, nowMs)}: ${movedText(before, after)}`;
  const leaving = keeper.ids.filter((id) => id >= count);
  if (leaving.length === 0) return { ok: true, text: `${moved}.` };
  deps.say(`${moved}. Shards ${leaving.join(', ')} hand their clients over …`);
  await Promise.all(leaving.map((id) => keeper.stop(id, deps.drainMs)));
  for (const id of leaving) await keeper.remove(id);
  return { ok: true, text: `Shards ${leaving.join(', ')} have ended, after ${secondsSince(begunMs, nowMs)}.` };
}

function movedText(before: ShardMap | null, after: ShardMap): string {
  // Without a shard no slot has an owner, so none counts as moved.
  if (shardCount(after) === 0)
    return 'no shard is left; messages are kept, and clients wait until there is one again (npm run scale -- 3)';
  if (before === null || shardCount(before) === 0) return `all ${SLOT_COUNT} slots have an owner again`;
  const { moved } = movementBetween(before, after);
  return `${moved} of ${SLOT_COUNT} slots moved (${((moved / SLOT_COUNT) * 100).toFixed(1)} %)`;
}

function stuck(count: number, { keeper, mapMs, isOneProcess, logOf }: VerbDeps): string {
  const missing = keeper.ids.filter((id) => id < count && !keeper.isReady(id));
  const seconds = Math.round(mapMs / 1_000);
  if (missing.length === 0)
    return `The map does not show ${shards(count)} after ${seconds} s; see ${logOf('operator')}.`;
  const where = isOneProcess ? 'its messages are above' : `see ${logOf(`shard-${missing[0] ?? 0}`)}`;
  return `Shard ${missing.join(', ')} does not get ready within ${seconds} s; ${where}. It is tried further.`;
}

function shards(count: number): string {
  return `${count} shard${count === 1 ? '' : 's'}`;
}
