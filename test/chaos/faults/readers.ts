import type { FaultKind, Plan, Stage } from './fault.ts';

/** Resident memory that a shard may gain while readers take nothing: each has 1 MiB of queue at most, the rest is the heap's slack. */
const MOST_GROWTH_MB = 128;
const MB = 1_048_576;

/** Readers that cannot keep up. A shard's other clients must not notice. */
export const READERS: readonly FaultKind[] = [
  {
    name: 'stalled-readers',
    what: 'a share of the clients takes nothing from its sockets for a while, less than the 30 s after which it is closed',
    held: `a shard grows by at most ${MOST_GROWTH_MB} MB`,
    excuses: [],
    parts: ['clients'],
    plan: ({ chance }) => stallReaders(chance.one([0.05, 0.1, 0.2]), Math.round(chance.between(8_000, 15_000))),
  },
  {
    name: 'slow-readers',
    what: 'all clients of one shard have a slow network: some KB a second for everybody together',
    held: `a shard grows by at most ${MOST_GROWTH_MB} MB`,
    excuses: ['gap-of-delivery', 'connections-close', 'clients-offline'],
    parts: ['clients', 'shards'],
    plan: (deal) => {
      const victim = deal.nextVictim();
      const bytesPerSecond = deal.chance.one([10_000, 30_000, 60_000]);
      const lastsMs = Math.round(deal.chance.between(5_000, 10_000));
      return {
        detail: `client-shard-${victim}: ${bytesPerSecond / 1_000} KB/s for ${(lastsMs / 1_000).toFixed(1)} s`,
        lastsMs,
        healsMs: 3_000,
        wholeWithinMs: 30_000,
        run: (stage) => holdMemory(stage, lastsMs, () => throttled(stage, victim, bytesPerSecond, lastsMs)),
      };
    },
  },
];

/** This share of the clients reads nothing for so long. */
export function stallReaders(share: number, lastsMs: number): Plan {
  return {
    detail: `${share * 100} % for ${(lastsMs / 1_000).toFixed(1)} s`,
    lastsMs,
    healsMs: 2_000,
    wholeWithinMs: 20_000,
    run: (stage) =>
      holdMemory(stage, lastsMs, async () => {
        stage.load.stall(share);
        try {
          await stage.wait(lastsMs);
        } finally {
          stage.load.readAgain();
        }
      }),
  };
}

async function throttled({ system, wait }: Stage, victim: number, bytesPerSecond: number, ms: number): Promise<void> {
  const link = system.link(`client-shard-${victim}`);
  try {
    await link.behave({ type: 'throttle', bytesPerSecond });
    await wait(ms);
  } finally {
    await link.behave({ type: 'pass' });
  }
}

async function holdMemory(stage: Stage, lastsMs: number, harm: () => Promise<void>): Promise<void> {
  const { system, figure } = stage;
  const resident = (): [id: number, bytes: number][] =>
    system.shards.ids.map((id) => [id, system.shards.shard(id).residentBytes() ?? 0]);
  const before = new Map(resident());
  // Of a shard that comes meanwhile: what the program takes before anybody stalls.
  const atStart = Math.min(...before.values());
  let growth = 0;
  const look = setInterval(
    () => {
      growth = Math.max(growth, ...resident().map(([id, bytes]) => bytes - (before.get(id) ?? atStart)));
    },
    Math.min(500, lastsMs),
  );
  try {
    await harm();
  } finally {
    clearInterval(look);
  }
  figure({ name: 'memory that a shard gained', value: growth / MB, most: MOST_GROWTH_MB, unit: 'MB' });
}
