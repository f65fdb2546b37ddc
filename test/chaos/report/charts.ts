import type { Series, Verdict } from '../observer/verdict.ts';
import type { ChartData, ChartLine, ChartPlan } from './chart-data.ts';
import { hasFailed, stretchesOf } from './stretches.ts';

interface Kind extends Pick<ChartPlan, 'id' | 'title' | 'unit' | 'shape'> {
  readonly takes: (series: Series) => boolean;
  /** What its lines are called, from the name of the series. */
  readonly label: (name: string) => string;
}

const asNamed = (name: string): string => name;
const perSecond = (name: string): string => name.replace(/\/s$/u, '');

/** From top to bottom; a series belongs to the first that takes it. */
const kinds: readonly Kind[] = [
  {
    id: 'deliveries',
    title: 'Deliveries',
    unit: '/s',
    shape: 'lines',
    takes: ({ name }) => name.startsWith('deliveries'),
    label: (name) => (name === 'deliveries/s' ? 'delivered' : perSecond(name)),
  },
  {
    id: 'sends',
    title: 'Sends',
    unit: '/s',
    shape: 'lines',
    takes: ({ name }) => name.startsWith('accepted') || name.startsWith('failed sends'),
    label: (name) => (name === 'failed sends/s' ? 'failed, to be tried again' : perSecond(name)),
  },
  {
    id: 'latency',
    title: 'Latency, from send to arrival',
    unit: 'ms',
    shape: 'logarithmic',
    takes: ({ name }) => name.startsWith('latency'),
    label: (name) => name.replace(/^latency /u, ''),
  },
  {
    id: 'connections',
    title: 'Connections',
    unit: '',
    shape: 'lines',
    takes: ({ name }) => name.startsWith('connections'),
    label: (name) => name.replace(/^connections(?: of |\.)/u, ''),
  },
  {
    id: 'epoch',
    title: 'Epoch of the shard map',
    unit: '',
    shape: 'steps',
    takes: ({ name }) => name === 'epoch',
    label: asNamed,
  },
  {
    id: 'memory',
    title: 'Memory',
    unit: 'MB',
    shape: 'lines',
    takes: ({ unit }) => unit === 'MB',
    label: (name) =>
      name
        .replace(/^(?:memory|rss)(?: of |[ .])/u, '')
        .replace(/\.bytes$/u, '')
        .replace('-', ' '),
  },
  {
    id: 'commands',
    title: 'Commands that Redis takes',
    unit: '/s',
    shape: 'lines',
    takes: ({ name }) => name === 'redis.commands',
    label: () => 'commands',
  },
  {
    id: 'keys',
    title: 'Keys in Redis',
    unit: '',
    shape: 'lines',
    takes: ({ name }) => name === 'redis.keys',
    label: () => 'keys',
  },
];

/** Dashes for those beyond the number of colours, and for shards, whose lines lie close together. */
const dashes: readonly (readonly number[])[] = [[], [7, 3], [2, 2], [9, 3, 2, 3]];
const COLOURS = 6;

/** All that is drawn of a verdict. A series of a kind that is not known here gets a chart of its own. */
export function chartDataOf(verdict: Verdict): ChartData {
  const faults = stretchesOf(verdict).flatMap((stretch) =>
    stretch.faults.map(({ number, name, fromS, toS }) => ({ number, name, fromS, toS, hasFailed: hasFailed(stretch) })),
  );
  const series = verdict.series.map((one) => (one.name === 'redis.commands' ? pace(one) : one));
  return { durationS: verdict.durationS, faults, charts: chartsOf(series) };
}

function chartsOf(series: readonly Series[]): ChartPlan[] {
  const kindOf = (one: Series): Kind | undefined => kinds.find(({ takes }) => takes(one));
  const known = kinds.flatMap((kind) => {
    const own = series.filter((one) => kindOf(one) === kind);
    return own.length === 0 ? [] : [chartOf(kind, own)];
  });
  const others = series.filter((one) => kindOf(one) === undefined);
  return [
    ...known,
    ...others.map((one, index) => {
      const kind = { id: `other-${index}`, title: one.name, unit: one.unit, shape: 'lines', label: asNamed } as const;
      return chartOf(kind, [one]);
    }),
  ];
}

function chartOf({ id, title, unit, shape, label }: Omit<Kind, 'takes'>, series: readonly Series[]): ChartPlan {
  const byName = (a: Series, b: Series): number => a.name.localeCompare(b.name, 'en', { numeric: true });
  const ordered = id === 'connections' ? series.toSorted(byName) : series;
  const lines = ordered.map((one, index): ChartLine => {
    const dash = dashes[(id === 'connections' ? index : Math.floor(index / COLOURS)) % dashes.length] ?? [];
    const seconds = one.seconds.map((second) => round(second));
    const values = one.values.map((value) => (value === null ? null : round(value)));
    return { label: label(one.name), colour: index % COLOURS, dash, seconds, values };
  });
  return { id, title, unit, shape, lines };
}

/** What is counted since a beginning, as how much a second; where it began anew there is a gap. */
function pace({ name, seconds, values }: Series): Series {
  const paces = values.map((value, index) => {
    const [before, sinceS] = [values[index - 1] ?? null, (seconds[index] ?? 0) - (seconds[index - 1] ?? 0)];
    return value === null || before === null || value < before || sinceS <= 0 ? null : (value - before) / sinceS;
  });
  return { name, unit: '/s', seconds, values: paces };
}

function round(value: number): number {
  return Math.round(value * 1_000) / 1_000;
}
