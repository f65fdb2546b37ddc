import type { FaultKind, Plan, Stage } from './fault.ts';

/** Redis commands that a returning client may cost, and those that a storm may cost beyond. */
const COMMANDS_A_CLIENT = 2;
const COMMANDS_BESIDE = 100;
/** How long the background is measured. */
const BACKGROUND_MS = 2_000;

/** Connections end without a word, and everybody comes back at once. */
export const STORMS: readonly FaultKind[] = [
  {
    name: 'storm',
    what: 'connections of a share of the clients end without a word, and they all come back at once, under load',
    held: '',
    excuses: ['gap-of-delivery', 'connections-close'],
    parts: ['clients'],
    plan: ({ chance }) => {
      const share = chance.one([0.3, 0.6, 1]);
      return {
        detail: `${share * 100} % of the clients`,
        lastsMs: 1_500,
        healsMs: 2_000,
        wholeWithinMs: 15_000,
        run: async ({ load, wait }) => {
          load.storm(share);
          await wait(1_000);
        },
      };
    },
  },
  {
    name: 'storm-commands',
    what: 'the same of all clients, while nobody sends',
    held: 'at most 2 Redis commands a client and 100',
    excuses: ['gap-of-delivery', 'connections-close'],
    parts: ['clients', 'senders', 'shards', 'operator', 'redis', 'clocks'],
    plan: () => stormCounted(),
  },
  {
    name: 'token-replay',
    what: 'tokens that were used are used again, over new connections',
    held: 'none gets in',
    excuses: [],
    parts: ['clients'],
    plan: ({ chance }) => {
      const count = chance.one([20, 100, 300]);
      return {
        detail: `${count} tokens`,
        lastsMs: 2_000,
        healsMs: 500,
        wholeWithinMs: 15_000,
        async run({ load, figure }) {
          const value = await load.replayTokens(count);
          figure({ name: 'used tokens that got in', value, most: 0, unit: '' });
        },
      };
    },
  },
];

/** All clients come back at once while nobody sends, and Redis's commands are counted. */
export function stormCounted(): Plan {
  return {
    detail: 'all clients',
    lastsMs: 6_000,
    healsMs: 1_000,
    wholeWithinMs: 30_000,
    async run(stage) {
      stage.load.pause();
      try {
        await countStorm(stage);
      } finally {
        stage.load.resume();
      }
    },
  };
}

async function countStorm({ system, load, clients, wait, until, figure }: Stage): Promise<void> {
  await load.settle(500, 10_000);
  const idle = await system.redis.commands();
  const idleMs = performance.now();
  await wait(BACKGROUND_MS);
  const [before, startedMs] = [await system.redis.commands(), performance.now()];
  const perMs = (before - idle) / (startedMs - idleMs);
  load.storm(1);
  await wait(200);
  await until('everybody back after the storm', 60_000, async () => (await load.connected()) >= clients);
  const servedMs = performance.now() - startedMs;
  // What a returning client is still owed: its cursor, the end of its former connection.
  await wait(1_000);
  const spent = (await system.redis.commands()) - before - perMs * (performance.now() - startedMs);
  const most = COMMANDS_A_CLIENT * clients + COMMANDS_BESIDE;
  figure({ name: `Redis commands of a storm of ${clients} clients`, value: Math.round(spent), most, unit: '' });
  figure({ name: 'everybody back after the storm', value: servedMs, most: null, unit: 'ms' });
}
