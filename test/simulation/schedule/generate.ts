import { Chance } from '../platform/chance.ts';
import type { Action, OperatorMoment, Schedule, Step } from './action.ts';
import { anyOf as many, generateExtras, makeRequest } from './extras.ts';

/** How long things happen to a world. */
const SPAN_MS = 1_500;

type Make = (chance: Chance) => Action;

const when = (chance: Chance): OperatorMoment => chance.one(['now', 'reading', 'writing']);
const one = (chance: Chance): number | 'all' => (chance.happens(0.4) ? 'all' : many(chance));

/** Faults and changes, each as probable as it stands here often. */
const CHANGES: readonly Make[] = [
  (chance) => ({ type: 'scale', shards: 1 + chance.below(3) }),
  (chance) => ({ type: 'scale', shards: 1 + chance.below(3) }),
  (chance) => ({ type: 'scale', shards: 1 + chance.below(4) }),
  (chance) => ({ type: 'replace shard', shard: many(chance) }),
];

const FAULTS: readonly Make[] = [
  ...CHANGES,
  (chance) => ({ type: 'kill shard', shard: many(chance) }),
  (chance) => ({ type: 'kill shard', shard: many(chance) }),
  (chance) => ({ type: 'stop shard', shard: many(chance), forMs: Math.round(chance.between(50, 5_000)) }),
  (chance) => ({ type: 'stop shard', shard: many(chance), forMs: Math.round(chance.between(50, 5_000)) }),
  (chance) => ({ type: 'kill operator', downMs: Math.round(chance.between(50, 1_500)), when: when(chance) }),
  (chance) => ({ type: 'stop operator', forMs: Math.round(chance.between(50, 3_000)), when: when(chance) }),
  (chance) => ({ type: 'stop operator', forMs: Math.round(chance.between(1_000, 4_000)), when: when(chance) }),
  (chance) => ({ type: 'kill sender', sender: 0, downMs: Math.round(chance.between(50, 500)) }),
  (chance) => ({ type: 'reload page', page: many(chance), downMs: Math.round(chance.between(1, 800)) }),
  (chance) => ({ type: 'leave', page: many(chance), isPolite: chance.happens(0.5) }),
  (chance) => ({ type: 'stop page', page: many(chance), forMs: Math.round(chance.between(50, 3_000)) }),
  (chance) => ({ type: 'cut page', page: many(chance) }),
  (chance) => ({ type: 'cut page', page: many(chance) }),
  (chance) => ({ type: 'hold page', page: many(chance), forMs: Math.round(chance.between(50, 3_000)) }),
  (chance) => ({ type: 'cut redis', of: one(chance) }),
  (chance) => ({ type: 'cut redis', of: one(chance) }),
  (chance) => ({ type: 'hold redis', of: one(chance), forMs: Math.round(chance.between(50, 2_500)) }),
  (chance) => ({ type: 'stall redis', forMs: Math.round(chance.between(50, 2_500)) }),
  (chance) => ({ type: 'restart redis', downMs: Math.round(chance.between(20, 1_000)) }),
  (chance) => ({ type: 'drop notifies', part: chance.between(0.2, 1), forMs: Math.round(chance.between(100, 2_000)) }),
  (chance) => ({ type: 'drop notifies', part: chance.between(0.2, 1), forMs: Math.round(chance.between(100, 2_000)) }),
];

const FLUSH: Make = () => ({ type: 'flush redis' });
const PROMOTE: Make = (chance) => ({ type: 'promote redis', lagMs: Math.round(chance.between(1, 1_000)) });

/** What goes with such a loss: comings, goings and disturbances that no shard dies of, so that nothing may be forgotten. */
const AROUND_LOSS = FAULTS.filter((make) => {
  const { type } = make(new Chance(0, 'kinds'));
  return type.endsWith('page') || type.endsWith('redis') || type === 'leave' || type === 'drop notifies';
});

/** The schedule of a seed. A quarter are calm: only messages, scales and replacements. */
export function generateSchedule(seed: number): Schedule {
  const chance = new Chance(seed, 'schedule');
  const isCalm = chance.happens(0.25);
  const isLossy = !isCalm && chance.happens(0.15);
  const kinds = isCalm ? CHANGES : isLossy && chance.happens(0.6) ? AROUND_LOSS : FAULTS;
  const shards = 1 + chance.below(2);
  const clients = 2 + chance.below(2);
  const changes = Array.from({ length: 1 + chance.below(isCalm ? 3 : 6) }, () => at(chance, chance.one(kinds)(chance)));
  if (isLossy) changes.push(at(chance, (chance.happens(0.6) ? FLUSH : PROMOTE)(chance)));
  const messages = Array.from({ length: 6 + chance.below(15) }, () => at(chance, message(chance)));
  const extras = generateExtras(chance, isCalm, at);
  const steps = [...changes, ...messages, ...extras].sort((a, b) => a.atMs - b.atMs);
  const operators = steps.some(({ type }) => type.endsWith('operator')) ? 1 + chance.below(2) : 1;
  return { seed, shards, clients, operators, steps };
}

function message(chance: Chance): Action {
  if (chance.happens(0.25)) return makeRequest(chance);
  const sender = chance.below(2);
  return chance.happens(0.35)
    ? { type: 'publish', sender, channel: many(chance) }
    : { type: 'send', sender, to: many(chance) };
}

/** Now and then several things happen at once. */
function at(chance: Chance, action: Action): Step {
  const ms = chance.between(0, SPAN_MS);
  return { ...action, atMs: chance.happens(0.3) ? Math.round(ms / 500) * 500 : Math.round(ms) };
}
