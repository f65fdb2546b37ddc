import type { FaultKind } from './fault.ts';
import { holdUnmoved, LENT_BY_MS } from './unmoved.ts';

/** The disk under Redis's append-only file is full: it refuses writes. */
export const DISK: readonly FaultKind[] = [
  {
    name: 'disk-full',
    what: 'the disk under Redis is full for some seconds: it refuses writes. Left out where this machine does not allow that',
    held: 'no slot lent, no map written',
    excuses: ['gap-of-delivery'],
    parts: ['redis', 'shards'],
    topology: 'single',
    plan: ({ chance }) => {
      const lastsMs = Math.round(chance.between(5_000, 8_000));
      return {
        detail: `for ${(lastsMs / 1_000).toFixed(1)} s`,
        lastsMs: lastsMs + LENT_BY_MS,
        healsMs: 1_000,
        wholeWithinMs: 30_000,
        run: (stage) =>
          holdUnmoved(stage, async () => {
            try {
              if (await stage.system.redis.fillDisk()) await stage.wait(lastsMs);
              else stage.note('left out: the disk cannot be filled on this machine');
            } finally {
              await stage.system.redis.freeDisk();
            }
          }),
      };
    },
  },
];
