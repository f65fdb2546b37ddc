import type { History } from './history/history.ts';
import type { Measures } from './measures.ts';
import type { Series } from './verdict.ts';

const MB = 1_048_576;

/** All that is drawn over the time of the run: a value a second, and what was sampled. */
export function seriesOf(history: History, measures: Measures): Series[] {
  const seconds = Array.from({ length: measures.secondOf(history.endedMs) + 1 }, (_, second) => second);
  const perSecond = (name: string, counts: readonly number[]): Series => {
    return { name, unit: '/s', seconds, values: seconds.map((second) => counts[second] ?? 0) };
  };
  const latencies = seconds.map((second) => measures.latencyInSecond(second));
  return [
    perSecond('deliveries/s', measures.deliveries),
    perSecond('accepted/s', countsOf(history.messages.acceptedMs, measures)),
    perSecond('failed sends/s', countsOf(history.failedMs, measures)),
    { name: 'latency p50', unit: 'ms', seconds, values: latencies.map((one) => one?.p50 ?? null) },
    { name: 'latency p99', unit: 'ms', seconds, values: latencies.map((one) => one?.p99 ?? null) },
    ...connectionsOf(history, measures, seconds),
    ...sampledOf(history),
  ];
}

function countsOf(times: Float64Array, measures: Measures): number[] {
  const counts: number[] = [];
  for (const tMs of times) {
    if (Number.isNaN(tMs)) continue;
    const second = measures.secondOf(tMs);
    counts[second] = (counts[second] ?? 0) + 1;
  }
  return counts;
}

/** How many connections each shard served, as clients saw it, at the end of each second. */
function connectionsOf({ clients }: History, measures: Measures, seconds: readonly number[]): Series[] {
  const changes = new Map<number, number[]>();
  for (const { shard, servedMs, closedMs } of clients.flatMap(({ servings }) => servings)) {
    const own = changes.get(shard) ?? seconds.map(() => 0);
    changes.set(shard, own);
    const [first, last] = [measures.secondOf(servedMs), measures.secondOf(closedMs)];
    own[first] = (own[first] ?? 0) + 1;
    if (last < own.length) own[last] = (own[last] ?? 0) - 1;
  }
  const shards = [...changes].sort(([a], [b]) => a - b);
  return shards.map(([shard, own]) => {
    let count = 0;
    return { name: `connections of shard ${shard}`, unit: '', seconds, values: own.map((change) => (count += change)) };
  });
}

/** Connections as shards tell them are left out: those that clients see are drawn. Memory in MB. */
function sampledOf({ samples, beganMs }: History): Series[] {
  const byName = Map.groupBy(samples, ([, , name]) => name);
  return [...byName].flatMap(([name, own]): Series[] => {
    if (name.startsWith('connections.')) return [];
    const isMemory = name.startsWith('rss.') || name.endsWith('.bytes');
    const ordered = own.toSorted((a, b) => a[1] - b[1]);
    return [
      {
        name,
        unit: isMemory ? 'MB' : '',
        seconds: ordered.map(([, tMs]) => (tMs - beganMs) / 1_000),
        values: ordered.map(([, , , value]) => (isMemory ? value / MB : value)),
      },
    ];
  });
}
