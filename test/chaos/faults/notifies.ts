import type { FaultKind } from './fault.ts';

/** What Redis publishes gets lost on its way to the shards. */
export const NOTIFIES: readonly FaultKind[] = [
  {
    name: 'drop-notifies',
    what: 'notifies are dropped at random on their way to all shards',
    held: '',
    excuses: ['gap-of-delivery'],
    parts: ['redis'],
    plan: ({ chance }) => {
      const drop = chance.one([0.05, 0.2, 0.5]);
      const lastsMs = Math.round(chance.between(5_000, 10_000));
      return {
        detail: `${drop * 100} % for ${(lastsMs / 1_000).toFixed(1)} s`,
        lastsMs,
        healsMs: 2_000,
        wholeWithinMs: 15_000,
        async run({ system, wait }) {
          const links = system.shards.ids.map((id) => system.link(`shard-redis-${id}`));
          try {
            await Promise.all(links.map((link) => link.behave({ type: 'drop-notifies', chance: drop })));
            await wait(lastsMs);
          } finally {
            await Promise.all(links.map((link) => link.behave({ type: 'pass' })));
          }
        },
      };
    },
  },
];
