import { homeCount } from '../screen/map-events.ts';
import { isHome, lentText, stateOf } from './restart.ts';
import { noSuchShard, secondsSince, type VerbDeps, type VerbResult } from './verb.ts';

/** How long the return of a killed shard is waited for; after several crashes its slots stay lent for longer. */
const RETURN_MS = 30_000;

/** Kills a shard without a goodbye, and waits until its slots are lent and, if it does not take too long, home again. */
export async function kill(id: number, deps: VerbDeps): Promise<VerbResult> {
  const { keeper, map, nowMs } = deps;
  if (!keeper.isReady(id)) {
    return keeper.ids.includes(id)
      ? { ok: false, text: `Shard ${id} is not running just now.` }
      : noSuchShard(id, deps);
  }
  const begunMs = nowMs();
  keeper.kill(id);
  deps.say(
    deps.isOneProcess
      ? `Shard ${id} vanished: in one process it is an object that drops its sockets and says nothing.`
      : `Shard ${id} was killed (SIGKILL).`,
  );
  const lent = await map.until((next) => stateOf(next, id) !== 'up', deps.mapMs);
  if (lent === null)
    return { ok: false, text: `The map does not show shard ${id} away; see ${deps.logOf('operator')}.` };
  deps.say(`${lentText(lent, id)} ${secondsSince(begunMs, nowMs)} after its death; it is started again …`);
  if (keeper.crashedAgain(id))
    deps.say(`Shard ${id} crashed repeatedly: each time it serves a while longer before its slots come home.`);
  const home = await map.until((next) => isHome(next, id), RETURN_MS);
  if (home !== null) {
    const text = `Shard ${id} is back with its ${homeCount(home, id)} slots, after ${secondsSince(begunMs, nowMs)}.`;
    return { ok: true, text };
  }
  if (!keeper.isReady(id)) return { ok: false, text: `Shard ${id} is not back yet; see ${deps.logOf(`shard-${id}`)}.` };
  return { ok: true, text: `Shard ${id} serves again. It crashed repeatedly, so its slots stay lent a while longer.` };
}
