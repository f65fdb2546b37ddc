import type { FaultKind, Part, Plan, Stage } from './fault.ts';
import { holdUnmoved, LENT_BY_MS } from './unmoved.ts';

const STALLED_MS = 10_000;
const AWAY_MS = 20_000;
/** Shards probe their way back one after the other, and nobody is called silent for 5 s. */
const WHOLE_WITHIN_MS = 30_000;

const UNMOVED = 'no slot lent, no map written';
/** Whatever moves slots by itself would hide what is held here. */
const UNMOVED_PARTS: readonly Part[] = ['redis', 'shards'];

/** Redis is there no more for a while, but has kept everything: sockets stay open, senders hear a retryable error. */
export const REDIS_GONE: readonly FaultKind[] = [
  {
    name: 'redis-restart',
    what: 'Redis is shut down in order and starts over the same append-only file',
    held: UNMOVED,
    excuses: ['gap-of-delivery'],
    parts: UNMOVED_PARTS,
    topology: 'single',
    plan: () => ill('', 3_000, ({ system }) => system.redis.restart()),
  },
  {
    name: 'redis-stall',
    what: 'SIGSTOP of Redis for 10 s, then SIGCONT',
    held: UNMOVED,
    excuses: ['gap-of-delivery'],
    parts: UNMOVED_PARTS,
    topology: 'single',
    plan: () => ill(`for ${STALLED_MS / 1_000} s`, STALLED_MS, stall),
  },
  {
    name: 'redis-away',
    what: 'Redis is gone for 20 s, then starts over the same append-only file',
    held: UNMOVED,
    excuses: ['gap-of-delivery'],
    parts: UNMOVED_PARTS,
    topology: 'single',
    plan: () => ill(`for ${AWAY_MS / 1_000} s`, AWAY_MS, ({ system }) => system.redis.away(AWAY_MS)),
  },
  {
    name: 'redis-resets',
    what: 'every connection to Redis is reset, once or repeatedly',
    held: UNMOVED,
    excuses: ['gap-of-delivery'],
    parts: UNMOVED_PARTS,
    plan: ({ chance }) => {
      const times = 1 + chance.below(4);
      const everyMs = Math.round(chance.between(300, 1_500));
      return ill(`${times} times, ${everyMs} ms apart`, times * everyMs, (stage) => reset(stage, times, everyMs));
    },
  },
];

function ill(detail: string, lastsMs: number, harm: (stage: Stage) => Promise<void>): Plan {
  return {
    detail,
    lastsMs: lastsMs + LENT_BY_MS,
    healsMs: 1_000,
    wholeWithinMs: WHOLE_WITHIN_MS,
    run: (stage) => holdUnmoved(stage, () => harm(stage)),
  };
}

async function stall({ system, wait }: Stage): Promise<void> {
  system.redis.stop();
  try {
    await wait(STALLED_MS);
  } finally {
    system.redis.cont();
  }
}

async function reset(stage: Stage, times: number, everyMs: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    await resetAll(stage);
    await stage.wait(everyMs);
  }
}

/** Resets every connection to Redis, once. */
export async function resetAll({ system, note }: Stage): Promise<void> {
  const names = ['business-redis', 'operator-redis', ...system.shards.ids.map((id) => `shard-redis-${id}`)];
  const counts = await Promise.all(names.map((name) => system.link(name).reset()));
  note(`${counts.reduce((sum, count) => sum + count, 0)} connections to Redis reset`);
}
