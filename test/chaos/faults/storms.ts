import type { FaultKind, Plan, Stage } from './fault.ts';
import { countReceived, type ReceivedCommands } from './received-commands.ts';

/** Redis commands that a returning client may cost, and those that a storm may cost beyond. */
const COMMANDS_A_CLIENT = 2;
const COMMANDS_BESIDE = 100;
/** How long the background is measured: several sweeps of presence long, each of which reads every partition at once. */
const BACKGROUND_MS = 6_000;
/** By then every client has heard that its connection has ended. */
const CUT_MS = 200;
/** Tokens live for seconds: those that are used again are fresh. */
const FRESH = { share: 0.25, awayMs: 300, settleMs: 1_500 };

/** Connections end without a word, and everybody comes back at once. */
export const STORMS: readonly FaultKind[] = [
  {
    name: 'storm',
    what: 'connections of a share of the clients end without a word, and they all come back at once, under load',
    held: '',
    excuses: ['gap-of-delivery', 'connections-close'],
    parts: ['clients'],
    plan: ({ chance }) => stormOf(chance.one([0.3, 0.6, 1])),
  },
  {
    name: 'storm-commands',
    what: 'the same of all clients, while nobody sends',
    held: 'the shards send Redis at most 2 commands a client and 100',
    excuses: ['gap-of-delivery', 'connections-close'],
    parts: ['clients', 'senders', 'shards', 'operator', 'redis', 'clocks'],
    topology: 'single',
    plan: () => ({
      detail: 'all clients',
      lastsMs: 10_000,
      healsMs: 1_000,
      wholeWithinMs: 30_000,
      run: countedInPeace,
    }),
  },
  {
    name: 'token-replay',
    what: 'some clients return, and the tokens that they used are used again at once, over new connections',
    held: 'none gets in',
    excuses: [],
    parts: ['clients'],
    plan: ({ chance }) => {
      const count = chance.one([20, 60, 100]);
      return {
        detail: `${count} tokens`,
        lastsMs: 3_000,
        healsMs: 500,
        wholeWithinMs: 15_000,
        async run({ load, wait, figure }) {
          load.leaveAndReturn(FRESH.share, FRESH.awayMs);
          await wait(FRESH.settleMs);
          const value = await load.replayTokens(count);
          figure({ name: 'used tokens that got in', value, most: 0, unit: '' });
        },
      };
    },
  },
];

/** Connections of this share of the clients end without a word. */
export function stormOf(share: number): Plan {
  return {
    detail: `${share * 100} % of the clients`,
    lastsMs: 1_500,
    healsMs: 2_000,
    wholeWithinMs: 15_000,
    run: async ({ load, wait, over }) => {
      load.storm(share);
      over();
      await wait(1_000);
    },
  };
}

async function countedInPeace(stage: Stage): Promise<void> {
  stage.load.pause();
  try {
    await countStorm(stage);
  } finally {
    stage.load.resume();
  }
}

async function countStorm(stage: Stage): Promise<void> {
  await stage.load.settle(500, 10_000);
  const received = await countReceived(stage.system.redis.url);
  try {
    await tellStorm(stage, received);
  } finally {
    received.close();
  }
}

async function tellStorm(stage: Stage, received: Pick<ReceivedCommands, 'ofShards'>): Promise<void> {
  const { load, clients, wait, until, figure, note, over } = stage;
  const idleMs = performance.now();
  await wait(BACKGROUND_MS);
  const [before, startedMs] = [received.ofShards(), performance.now()];
  load.storm(1);
  over();
  await wait(CUT_MS);
  await until('everybody back after the storm', 60_000, async () => (await load.connected()) >= clients);
  const servedMs = performance.now() - startedMs;
  // What a returning client still costs: its cursor, the end of its former connection.
  await wait(1_000);
  const spent = spentBetween(before, received.ofShards(), (performance.now() - startedMs) / (startedMs - idleMs));
  const value = Math.round(spent.reduce((sum, [, count]) => sum + count, 0));
  const most = COMMANDS_A_CLIENT * clients + COMMANDS_BESIDE;
  note(`received: ${spent.map(([name, count]) => `${Math.round(count)} ${name}`).join(', ')}`);
  figure({ name: `Redis commands of a storm of ${clients} clients`, value, most, unit: '' });
  figure({ name: 'everybody back after the storm', value: servedMs, most: null, unit: 'ms' });
}

/** Beyond the background. @param times - how many times longer the second time was than the first */
function spentBetween(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  times: number,
): (readonly [name: string, count: number])[] {
  return [...after].map(([name, count]) => [name, Math.max(0, count - (before.get(name) ?? 0) * (1 + times))]);
}
