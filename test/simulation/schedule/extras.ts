import type { Chance } from '../platform/chance.ts';
import type { Action, Step } from './action.ts';

/** Gives an action its time. */
export type At = (chance: Chance, action: Action) => Step;

/** A number that chooses somebody. */
export function anyOf(chance: Chance): number {
  return chance.below(1_000);
}

/** What some schedules have beside messages, scales and faults: joins and leaves, grants and sessions, wrong clocks. */
export function generateExtras(chance: Chance, isCalm: boolean, at: At): Step[] {
  const some = (probability: number, most: number, make: (chance: Chance) => Action): Step[] =>
    chance.happens(probability) ? Array.from({ length: 1 + chance.below(most) }, () => at(chance, make(chance))) : [];
  const steps = some(0.5, 5, membership);
  const jumps = some(0.1, 2, jump);
  // Tokens count by wall clocks.
  const permissions = jumps.length > 0 ? [] : some(0.2, 2, isCalm ? changeGrants : permission);
  if (!isCalm && chance.happens(0.1)) steps.push(...halfJoin(chance, at));
  if (!isCalm && jumps.length === 0 && chance.happens(0.04)) steps.push(...grantsInMove(chance, at));
  return [...steps, ...jumps, ...permissions];
}

/** Something that a client asks for itself. */
export function makeRequest(chance: Chance): Action {
  const page = anyOf(chance);
  if (chance.happens(0.3)) return { type: 'upstream', page };
  return { type: chance.happens(0.6) ? 'client sends' : 'client publishes', page, to: anyOf(chance) };
}

function changeGrants(chance: Chance): Action {
  return { type: 'set grants', page: anyOf(chance), isGiven: chance.happens(0.4) };
}

function permission(chance: Chance): Action {
  if (chance.happens(0.7)) return changeGrants(chance);
  return { type: 'session', page: anyOf(chance), lastsMs: Math.round(chance.between(300, 2_500)) };
}

/** Grants are taken of which a shard does not hear before it sends its clients away. */
function grantsInMove(chance: Chance, at: At): Step[] {
  const scale = at(chance, { type: 'scale', shards: 1 });
  const taken = [0, 1, 2].map((page): Step => {
    return { type: 'set grants', page, isGiven: false, atMs: scale.atMs + chance.below(80) };
  });
  return [scale, { type: 'drop notifies', part: 1, forMs: 500, atMs: scale.atMs }, ...taken];
}

/** A service that dies while it has somebody join or leave. */
function halfJoin(chance: Chance, at: At): Step[] {
  const step = at(chance, { ...membership(chance), by: 0 });
  const kill: Action = { type: 'kill sender', sender: 0, downMs: Math.round(chance.between(50, 500)) };
  return [step, { ...kill, atMs: step.atMs + 1 + chance.below(6) }];
}

function membership(chance: Chance): Extract<Action, { type: 'join' | 'leave channel' }> {
  return {
    type: chance.happens(0.6) ? 'join' : 'leave channel',
    page: anyOf(chance),
    by: chance.happens(0.4) ? 'itself' : chance.below(2),
    isTold: chance.happens(0.6),
  };
}

function jump(chance: Chance): Action {
  return {
    type: 'clock jump',
    of: chance.one(['shard', 'shard', 'operator', 'service', 'page'] as const),
    which: anyOf(chance),
    byMs: (chance.happens(0.5) ? 1 : -1) * Math.round(chance.between(1_000, 300_000)),
    forMs: Math.round(chance.between(100, 3_000)),
  };
}
