import type { FaultKind } from './fault.ts';

/** How long whoever is frozen knows nothing; by then its slots have moved, and its clients are offline. */
const FROZEN_MS = 30_000;

/** SIGSTOP, and after 30 s SIGCONT: what goes on believes that no time has passed. */
export const FREEZES: readonly FaultKind[] = [
  {
    name: 'freeze-shard',
    what: 'SIGSTOP of a shard for 30 s, then SIGCONT: a zombie whose slots have moved',
    held: 'its slots are lent meanwhile',
    excuses: ['gap-of-delivery', 'connections-close', 'clients-offline'],
    parts: ['shards'],
    plan: (deal) => {
      const victim = deal.nextVictim();
      return {
        detail: `shard ${victim} for ${FROZEN_MS / 1_000} s`,
        lastsMs: FROZEN_MS,
        healsMs: 5_000,
        wholeWithinMs: 45_000,
        async run({ system, wait, until }) {
          system.shards.shard(victim).stop();
          try {
            const tookMs = await until(`slots of the frozen shard ${victim} lent`, 20_000, async () => {
              const map = await system.shards.map();
              return map !== null && (map.owned.get(victim) ?? 0) === 0;
            });
            await wait(Math.max(0, FROZEN_MS - tookMs));
          } finally {
            system.shards.shard(victim).cont();
          }
        },
      };
    },
  },
  {
    name: 'freeze-clients',
    what: 'SIGSTOP of a process of clients for 30 s, then SIGCONT',
    held: '',
    excuses: ['clients-offline'],
    parts: ['clients'],
    plan: () => ({
      detail: `for ${FROZEN_MS / 1_000} s`,
      lastsMs: FROZEN_MS,
      healsMs: 4_000,
      wholeWithinMs: 30_000,
      async run({ load, wait }) {
        load.stopClients();
        try {
          await wait(FROZEN_MS);
        } finally {
          load.contClients();
        }
      },
    }),
  },
];
