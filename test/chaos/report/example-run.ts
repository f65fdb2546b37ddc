import type { FaultSpan, Figure, Series, Verdict, Violation } from '../observer/verdict.ts';
import type { RunDescription } from './run-description.ts';

/** What a run of four minutes would give: eight faults, three to five shards. Made up, the same each time. */
export interface ExampleRun {
  readonly run: RunDescription;
  readonly verdict: Verdict;
}

const DURATION_S = 240;

const faults: readonly FaultSpan[] = (
  [
    ['kill-shard', 'shard 1', 20, 20.1],
    ['scale', 'to 5', 48, 57],
    ['freeze-operator', 'for 10 s', 78, 88],
    ['redis-restart', '', 106, 109.5],
    ['shard-redis-partition', 'shard 2, for 6 s', 132, 138],
    ['rollout', '', 156, 181],
    ['storm', '50 % of the clients', 198, 198.2],
    ['scale', 'to 3', 212, 221],
  ] as const
).map(([name, detail, fromS, toS]) => ({ name, detail, fromS, toS }));

const faultWords = {
  'kill-shard': 'kill -9 of a shard',
  scale: 'kubectl scale to 4 or 5 shards, and back to 3',
  'freeze-operator': 'SIGSTOP of the operator, then SIGCONT',
  'redis-restart': 'Redis is shut down in order and starts over the same append-only file',
  'shard-redis-partition': 'between one shard and Redis, nothing gets through, and nobody is told',
  rollout: 'kubectl rollout restart: every shard is replaced, one after the other',
  storm: 'connections end without a word, and their clients come back at once',
};

const excuses: Readonly<Record<string, string>> = {
  'kill-shard': 'gap-of-delivery, connections-close',
  'redis-restart': 'gap-of-delivery',
  'shard-redis-partition': 'gap-of-delivery, connections-close, clients-offline',
  storm: 'gap-of-delivery, connections-close',
};

/** Phases are told apart by their names, as the observer's figures are. */
const phases: readonly FaultSpan[] = [
  { name: 'start', detail: '', fromS: 0, toS: 20 },
  ...faults.map(({ name, fromS }, index) => ({
    name: faults.findIndex((fault) => fault.name === name) === index ? name : `${name} (${index + 1})`,
    detail: excuses[name] ?? '',
    fromS,
    toS: faults[index + 1]?.fromS ?? DURATION_S - 8,
  })),
  { name: 'end', detail: '', fromS: DURATION_S - 8, toS: DURATION_S },
];

/** A run that held everything, or, with `hasFailed`, one in which a shard lost messages and was slow. */
export function exampleRun(hasFailed = false): ExampleRun {
  const figures = [...phases.flatMap(({ name }) => figuresOf(name, hasFailed && name === 'kill-shard')), ...ofRun];
  const violations = hasFailed ? violationsOf('kill-shard') : [];
  const verdict: Verdict = {
    passed: !hasFailed,
    durationS: DURATION_S,
    clients: { v1: 1_200, plain: 150, socketIo: 150 },
    accepted: 93_412,
    delivered: 1_184_206,
    figures,
    violations,
    violationCount: hasFailed ? 212 : 0,
    faults,
    phases,
    series: allSeries(),
  };
  return { run, verdict };
}

const run: RunDescription = {
  seed: 4711,
  startedAt: '2026-03-01T12:00:05.000Z',
  command: 'npm run chaos -- --seed 4711 --shards 3 --clients 1500 --seconds 240',
  machine: { cores: 2, memoryBytes: 8 * 2 ** 30, os: 'Linux 6.8' },
  versions: { flotilla: '0.1.0', redis: '7.0.15', node: '24.4.1' },
  load: { clients: { v1: 1_200, plain: 150, socketIo: 150 }, channels: 40, inboxPerSecond: 250, channelPerSecond: 150 },
  faultWords,
  topology: 'one Redis, 3 to 5 shards, one operator, an address service',
  durationS: DURATION_S,
};

const ofRun: readonly Figure[] = [
  { phase: '', name: 'memory of a shard after against before', value: 1.08, most: 1.25, unit: 'x' },
  { phase: '', name: 'tokens taken twice', value: 0, most: 0, unit: '' },
];

/** What the observer tells of each phase. */
function figuresOf(phase: string, isBad: boolean): Figure[] {
  const chance = chances(phase.length * 97);
  const zero = (name: string, value = 0): Figure => ({ phase, name, value, most: 0, unit: '' });
  const told = (name: string, value: number, unit: Figure['unit'] = ''): Figure => ({
    phase,
    name,
    value,
    most: null,
    unit,
  });
  const held = (name: string, value: number, most: number): Figure => ({ phase, name, value, most, unit: 'ms' });
  if (phase === 'start') return [told('accepted', 7_904), zero('phantom')];
  return [
    told('accepted', 6_000 + Math.floor(chance() * 5_000)),
    told('delivered', 80_000 + Math.floor(chance() * 60_000)),
    ...['flotilla.v1', 'plain', 'Socket.IO'].flatMap((kind) => [
      zero(`lost, ${kind}`, isBad && kind === 'flotilla.v1' ? 209 : 0),
      zero(`duplicated, ${kind}`, isBad && kind === 'flotilla.v1' ? 3 : 0),
      zero(`reordered, ${kind}`),
    ]),
    told('repeated, plain', Math.floor(chance() * 40)),
    ...['phantom', 'late', 'connections closed although unmoved', 'presence told twice', 'presence not told'].map(
      (name) => zero(name),
    ),
    told('latency p50', 2 + chance(), 'ms'),
    told('latency p99', 8 + chance() * 30, 'ms'),
    held('delivery gap of moved clients, p99', isBad ? 5_812 : 22 + chance() * 60, isBad ? 3_000 : 100),
    held('whole again after', 400 + chance() * 2_200, 30_000),
  ];
}

function violationsOf(phase: string): Violation[] {
  const lost = [17, 18, 19, 44].map((n): Violation => {
    const text = `message ${n} of sender-0.1 in inbox:c-0071 was accepted at 20.${n}0 s and never reached c-0071 (flotilla.v1, connection 2 on shard 0, served from 23.018 s on)`;
    return { phase, kind: 'lost', text };
  });
  const bound = 'delivery gap of moved clients, p99: 5812 ms of 188, at most 3000 ms';
  return [
    ...lost,
    { phase, kind: 'duplicated', text: 'message 45 of sender-0.1 reached c-0071 twice, at 23.104 s and at 23.190 s' },
    { phase, kind: 'bound', text: bound },
  ];
}

/** How much of the load is served at a time, 0 to 1, and how late. */
function strain(second: number): { served: number; late: number } {
  const dips = [
    { at: 20, down: 0.36, lasts: 2.8, late: 640 },
    { at: 48, down: 0.04, lasts: 9, late: 24 },
    { at: 106, down: 0.97, lasts: 4.2, late: 3_900 },
    { at: 132, down: 0.22, lasts: 3.4, late: 1_900 },
    { at: 156, down: 0.06, lasts: 25, late: 38 },
    { at: 198, down: 0.45, lasts: 1.6, late: 410 },
    { at: 212, down: 0.05, lasts: 9, late: 27 },
  ];
  const dip = dips.find(({ at, lasts }) => second >= at && second < at + lasts);
  return { served: 1 - (dip?.down ?? 0), late: dip?.late ?? 0 };
}

function shardsAt(second: number): number[] {
  const count = second < 50 || second > 220 ? 3 : 5;
  const away =
    second >= 20 && second < 23.5 ? 1 : second >= 156 && second < 181 ? 4 - Math.floor((second - 156) / 5) : -1;
  const present = Array.from({ length: count }, (_, shard) => shard).filter((shard) => shard !== away);
  return Array.from({ length: 5 }, (_, shard) => (present.includes(shard) ? 1 / present.length : 0));
}

function allSeries(): Series[] {
  const chance = chances(4711);
  const seconds = Array.from({ length: DURATION_S * 2 }, (_, index) => index / 2);
  const near = (value: number, share: number): number => value * (1 + share * (chance() - 0.5));
  const isLoad = (second: number): boolean => second < DURATION_S - 8;
  const series = (name: string, unit: string, at: (second: number) => number | null): Series => ({
    name,
    unit,
    seconds,
    values: seconds.map(at),
  });
  return [
    series('deliveries/s', '/s', (t) => (isLoad(t) ? near(5_050 * strain(t).served, 0.06) : 0)),
    series('accepted/s', '/s', (t) => (isLoad(t) ? near(400 * (strain(t).served < 0.1 ? 0.01 : 1), 0.08) : 0)),
    series('failed sends/s', '/s', (t) => (strain(t).served < 0.1 ? near(120, 0.3) : 0)),
    series('latency p50', 'ms', (t) => (isLoad(t) ? near(2.4 + strain(t).late / 60, 0.3) : null)),
    series('latency p99', 'ms', (t) => (isLoad(t) ? near(11 + strain(t).late, 0.5) : null)),
    ...[0, 1, 2, 3, 4].map((shard) =>
      series(`connections of shard ${shard}`, '', (t) => {
        const share = shardsAt(t)[shard] ?? 0;
        return shard > 2 && (t < 48 || t > 222) ? null : Math.round(near(1_500 * share, 0.01));
      }),
    ),
    series(
      'epoch',
      '',
      (t) =>
        [0, 20.4, 23.6, 50, 57, 156, 158, 161, 163, 166, 168, 171, 173, 176, 181, 212, 221].filter((at) => at <= t)
          .length,
    ),
    ...[0, 1, 2].map((shard) => series(`memory of shard ${shard}`, 'MB', (t) => near(92 + t / 40 + shard * 2, 0.02))),
  ];
}

/** Chance that repeats itself: a linear congruence is enough for what is only looked at. */
function chances(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
}
