import type { FaultKind } from './fault.ts';

const JUMP_MS = 300_000;

/** A wall clock jumps. What has to do with durations must not notice; tokens are refused meanwhile, so arrivals may wait. */
export const CLOCKS: readonly FaultKind[] = [
  {
    name: 'clock-jump',
    what: 'the wall clock of a shard or of the operator jumps by ± 5 minutes, and later back',
    held: 'no slot moves',
    excuses: [],
    // Nobody can arrive at a shard whose clock is wrong: tokens live for seconds.
    parts: ['clocks', 'shards', 'operator', 'clients'],
    plan: (deal) => {
      const { chance } = deal;
      const victim = chance.happens(0.3) ? null : deal.nextVictim();
      const byMs = chance.happens(0.5) ? JUMP_MS : -JUMP_MS;
      const lastsMs = Math.round(chance.between(4_000, 8_000));
      const who = victim === null ? 'operator' : `shard ${victim}`;
      return {
        detail: `${who} by ${byMs > 0 ? '+' : '−'}5 min for ${(lastsMs / 1_000).toFixed(1)} s`,
        lastsMs,
        healsMs: 1_000,
        wholeWithinMs: 15_000,
        async run({ system, wait, figure, over }) {
          const before = await system.shards.map();
          const process = victim === null ? system.operator : system.shards.shard(victim);
          process.shiftClock(byMs);
          try {
            await wait(lastsMs);
          } finally {
            process.shiftClock(0);
          }
          over();
          await wait(500);
          const maps = ((await system.shards.map())?.epoch ?? 0) - (before?.epoch ?? 0);
          figure({ name: 'maps written because of a clock', value: maps, most: 0, unit: '' });
        },
      };
    },
  },
];
