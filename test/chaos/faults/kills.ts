import type { FaultKind, Stage } from './fault.ts';

/** Until the others know that a shard is gone: no heartbeat for 2 s, heartbeats 0.5 s apart, one look each 0.25 s. */
const DETECTION_MS = 2_750;

/** A plain client that gets no message takes itself as served only after a second. */
const SEEN_LATE_MS = 1_000;

/** kill -9. What was killed is started again, as Kubernetes would. */
export const KILLS: readonly FaultKind[] = [
  {
    name: 'kill-shard',
    what: 'kill -9 of a shard',
    held: 'all its clients served again within detection + clients / (pace × lenders) + 1 s',
    excuses: ['gap-of-delivery', 'connections-close'],
    parts: ['shards'],
    plan: (deal) => {
      const victim = deal.nextVictim();
      return {
        detail: `shard ${victim}`,
        lastsMs: 2_000,
        healsMs: 8_000,
        wholeWithinMs: 30_000,
        run: (stage) => killShard(stage, victim),
      };
    },
  },
  {
    name: 'kill-operator',
    what: 'kill -9 of the operator',
    held: '',
    excuses: [],
    parts: ['operator'],
    plan: () => ({
      detail: '',
      lastsMs: 500,
      healsMs: 3_000,
      wholeWithinMs: 15_000,
      run({ system }) {
        system.operator.kill();
        return Promise.resolve();
      },
    }),
  },
  {
    name: 'kill-sender',
    what: 'kill -9 of a sending microservice in the middle of its sends, once or repeatedly; its next life goes on',
    held: '',
    excuses: [],
    parts: ['senders'],
    plan: ({ chance }) => {
      const times = 1 + chance.below(3);
      return {
        detail: `${times} times`,
        lastsMs: times * 2_000,
        healsMs: 2_000,
        wholeWithinMs: 15_000,
        async run({ load, wait }) {
          for (let i = 0; i < times; i++) {
            load.killSender();
            await wait(2_000);
          }
        },
      };
    },
  },
];

async function killShard(stage: Stage, victim: number): Promise<void> {
  const { system, load, clients, pacePerSecond, isAlone } = stage;
  const held = (await system.shards.connections()).get(victim) ?? 0;
  const lenders = Math.max(1, system.shards.ids.length - 1);
  const most = DETECTION_MS + (held / (pacePerSecond * lenders)) * 1_000 + 1_000 + SEEN_LATE_MS;
  const startedMs = performance.now();
  system.shards.shard(victim).kill();
  stage.over();
  // Sockets of a killed process are reset at once; by then every client knows that it is not connected.
  await stage.wait(200);
  await stage.until('every client of the killed shard served', 30_000, async () => (await load.connected()) >= clients);
  const name = `served again after kill -9 of a shard with ${held} connections`;
  const value = performance.now() - startedMs;
  stage.figure({ name, value, most: isAlone ? Math.round(most) : null, unit: 'ms' });
}
