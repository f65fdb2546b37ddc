import type { Excuse } from '../journal/record.ts';
import type { Behaviour } from '../proxy/link.ts';
import type { Deal, FaultKind, Part, Plan, Stage } from './fault.ts';

/** A stretch of network, and what its failing makes unavoidable. */
interface Stretch {
  readonly name: 'client-shard' | 'shard-redis' | 'operator-redis';
  readonly between: string;
  readonly parts: readonly Part[];
  /** When it is slow or loses packets. */
  readonly excusesSlow: readonly Excuse[];
  /** When nothing gets through, at least one way. */
  readonly excusesDead: readonly Excuse[];
  readonly wholeWithinMs: number;
}

interface Trouble {
  readonly name: 'loss' | 'delay' | 'half-open' | 'partition';
  readonly what: string;
  readonly isDead: boolean;
  /** Milliseconds, from and to. */
  readonly lasts: readonly [number, number];
  behaviour(deal: Deal): Behaviour;
}

/** A shard that hears nothing from Redis says so within this time: that of the canary, and of the question. */
const NOT_READY_WITHIN_MS = 1_000;

const OFFLINE: readonly Excuse[] = ['gap-of-delivery', 'connections-close', 'clients-offline'];

const STRETCHES: readonly Stretch[] = [
  {
    name: 'client-shard',
    between: 'between clients and one shard',
    parts: ['clients', 'shards'],
    excusesSlow: ['gap-of-delivery'],
    excusesDead: OFFLINE,
    // Its clients notice by silence, after 20 s.
    wholeWithinMs: 45_000,
  },
  {
    name: 'shard-redis',
    between: 'between one shard and Redis',
    parts: ['shards', 'redis'],
    excusesSlow: ['gap-of-delivery'],
    excusesDead: OFFLINE,
    wholeWithinMs: 45_000,
  },
  {
    name: 'operator-redis',
    between: 'between the operator and Redis',
    parts: ['operator', 'redis'],
    excusesSlow: [],
    excusesDead: [],
    wholeWithinMs: 30_000,
  },
];

const TROUBLES: readonly Trouble[] = [
  {
    name: 'loss',
    what: 'packets are lost',
    isDead: false,
    lasts: [5_000, 10_000],
    behaviour: ({ chance }) => ({ type: 'loss', chance: chance.one([0.01, 0.02, 0.05]) }),
  },
  {
    // There and back it stays below the time after which a shard takes its way to Redis for lost.
    name: 'delay',
    what: 'every packet is late, by more or less',
    isDead: false,
    lasts: [5_000, 10_000],
    behaviour: ({ chance }) => ({ type: 'delay', ms: chance.one([20, 50, 150]), jitterMs: chance.one([10, 50]) }),
  },
  {
    name: 'half-open',
    what: 'one direction is silent, and nobody is told',
    isDead: true,
    lasts: [6_000, 12_000],
    behaviour: ({ chance }) => ({ type: 'half-open', silent: chance.one(['to-server', 'to-client']) }),
  },
  {
    name: 'partition',
    what: 'nothing gets through, and nobody is told',
    isDead: true,
    lasts: [6_000, 12_000],
    behaviour: () => ({ type: 'partition' }),
  },
];

/** Every trouble on every stretch. */
export const NETWORK: readonly FaultKind[] = STRETCHES.flatMap((stretch) =>
  TROUBLES.map((trouble): FaultKind => {
    const isWatched = stretch.name === 'shard-redis' && trouble.isDead;
    return {
      name: `${stretch.name}-${trouble.name}`,
      what: `${stretch.between}, ${trouble.what}`,
      held: isWatched ? 'the shard is not Ready within 1 s, and is again once the link is back' : '',
      excuses: trouble.isDead ? stretch.excusesDead : stretch.excusesSlow,
      parts: stretch.parts,
      plan: (deal) => plan(stretch, trouble, deal, isWatched),
    };
  }),
);

function plan(stretch: Stretch, trouble: Trouble, deal: Deal, isWatched: boolean): Plan {
  const victim = stretch.name === 'operator-redis' ? null : deal.nextVictim();
  const behaviour = trouble.behaviour(deal);
  const lastsMs = Math.round(deal.chance.between(...trouble.lasts));
  const link = victim === null ? stretch.name : `${stretch.name}-${victim}`;
  return {
    detail: `${link}: ${worded(behaviour)} for ${(lastsMs / 1_000).toFixed(1)} s`,
    lastsMs,
    healsMs: trouble.isDead ? 8_000 : 2_000,
    wholeWithinMs: stretch.wholeWithinMs,
    async run(stage) {
      try {
        await stage.system.link(link).behave(behaviour);
        if (isWatched && victim !== null) await holdNotReady(stage, victim);
        await stage.wait(lastsMs);
      } finally {
        await stage.system.link(link).behave({ type: 'pass' });
      }
    },
  };
}

async function holdNotReady({ system, until, figure }: Stage, victim: number): Promise<void> {
  const isNotReady = async (): Promise<boolean> => !(await system.shards.isReady(victim));
  const value = await until(`shard ${victim} not Ready without its Redis`, 6_000, isNotReady);
  figure({ name: 'not Ready after the delivery path was lost', value, most: NOT_READY_WITHIN_MS, unit: 'ms' });
}

function worded(behaviour: Behaviour): string {
  if (behaviour.type === 'loss') return `${behaviour.chance * 100} % of packets lost`;
  if (behaviour.type === 'delay') return `${behaviour.ms} to ${behaviour.ms + behaviour.jitterMs} ms late`;
  if (behaviour.type === 'half-open') return `silent ${behaviour.silent.replace('-', ' ')}`;
  return behaviour.type;
}
