import { setTimeout as wait } from 'node:timers/promises';
import { runCommandLine } from '../programs/run.ts';
import { FULLNAME, SHORT_HEARTBEAT_TIMEOUT_MS, SHARDS, type Stage } from '../stage/stage.ts';
import { until } from '../stage/until.ts';
import { disturb, PLANNED_GAP_MS, type Scenario } from './scenario.ts';

/** With heartbeats of 2 s: silence 4 s, a new address, the pace of those that take over, a second. */
const LOST_NODE_GAP_MS = 8_000;
/** Longer than any client takes to notice. */
const AWAY_MS = SHORT_HEARTBEAT_TIMEOUT_MS + 16_000;

/** What happens to machines. */
export const NODE_SCENARIOS: readonly Scenario[] = [
  {
    name: 'node-drained',
    lacks: (stage) => lacksNode(stage, false, ''),
    async play(stage) {
      const victim = victimOf(stage);
      await keepFewOn(stage, victim);
      const leavers = await stage.shardsOn(victim);
      try {
        const drain = ['drain', victim, '--ignore-daemonsets', '--delete-emptydir-data', '--timeout=180s'];
        const figures = await disturb(stage, () => stage.kubectl.run(drain, { timeoutMs: 190_000 }), {
          gapMs: PLANNED_GAP_MS,
          leavers,
        });
        return [{ what: 'shards on the drained machine', value: leavers.length, bound: { atLeast: 1 } }, ...figures];
      } finally {
        await stage.kubectl.run(['uncordon', victim]);
      }
    },
  },
  {
    name: 'node-cut-off',
    lacks: (stage) => lacksNode(stage, stage.env.link === null, 'FLOTILLA_TEST_NODE_CUT'),
    play: (stage) => playLostNode(stage, stage.env.link?.cut ?? '', stage.env.link?.heal ?? ''),
  },
  {
    name: 'node-died',
    lacks: (stage) => lacksNode(stage, stage.env.node === null, 'FLOTILLA_TEST_NODE_STOP'),
    play: (stage) => playLostNode(stage, stage.env.node?.stop ?? '', stage.env.node?.start ?? ''),
  },
];

function lacksNode(stage: Stage, isMissing: boolean, variable: string): string | undefined {
  if (stage.nodes.victim === null) return 'there is one machine only';
  return isMissing ? `${variable} is not given` : undefined;
}

function victimOf(stage: Stage): string {
  if (stage.nodes.victim === null) throw new Error('there is one machine only');
  return stage.nodes.victim;
}

async function playLostNode(stage: Stage, lose: string, bringBack: string) {
  const victim = victimOf(stage);
  await stage.shortenHeartbeat();
  await keepFewOn(stage, victim);
  await leadFromElsewhere(stage, victim);
  const leavers = await stage.shardsOn(victim);
  const figures = await disturb(
    stage,
    async () => {
      await runCommandLine(lose.replaceAll('{node}', victim));
      await wait(AWAY_MS);
      await runCommandLine(bringBack.replaceAll('{node}', victim));
    },
    { gapMs: LOST_NODE_GAP_MS, leavers, mayLinger: true },
    async () => {
      await stage.kubectl.run(['wait', '--for=condition=Ready', `node/${victim}`, '--timeout=120s']);
      await stage.untilHome(SHARDS, 180_000);
    },
  );
  return [{ what: 'shards on the lost machine', value: leavers.length, bound: { atLeast: 1 } }, ...figures];
}

/** Where half of the shards or more are away at once nothing is lent: at least one, and fewer than half, stay on a machine. */
async function keepFewOn(stage: Stage, victim: string): Promise<void> {
  const there = await stage.shardsOn(victim);
  const isMany = there.length * 2 >= SHARDS;
  if (there.length > 0 && !isMany) return;
  const closed = isMany ? victim : stage.nodes.safe;
  const shard = isMany ? there[0] : SHARDS - 1;
  await stage.kubectl.run(['cordon', closed]);
  try {
    await stage.kubectl.delete('pod', `${FULLNAME}-im-${shard ?? 0}`);
    await stage.untilHome(SHARDS);
  } finally {
    await stage.kubectl.run(['uncordon', closed]);
  }
  await keepFewOn(stage, victim);
}

/** Where the leader goes with the machine, its lease must lapse as well; the bound is about the shards. */
async function leadFromElsewhere(stage: Stage, victim: string): Promise<void> {
  await until('a leader on another machine', 120_000, async () => {
    const leader = await stage.leader();
    if ((await stage.nodeOf(leader)) !== victim) return true;
    await stage.kubectl.delete('pod', leader);
    return null;
  });
}
