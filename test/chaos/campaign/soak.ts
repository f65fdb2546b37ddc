import type { Plan } from '../faults/fault.ts';
import type { Sample } from '../journal/record.ts';
import type { Figure, Verdict } from '../observer/verdict.ts';
import { median, valuesInPhase } from './phase-values.ts';

/** Clients that leave at once, and how long they stay away and connected. */
const SHARE = 0.02;
const AWAY_MS = 15_000;
const EVERY_MS = 30_000;

/** What memory and latency may grow from the second sixth of the soak to the last: heaps breathe. */
const MOST_MEMORY_PERCENT = 115;
const MOST_LATENCY_PERCENT = 125;

/** Clients leave and return for so long. */
export function leaveNowAndThen(lastsMs: number): Plan {
  return {
    detail: `${lastsMs / 60_000} minutes`,
    lastsMs,
    healsMs: 1_000,
    wholeWithinMs: 30_000,
    async run({ load, wait }) {
      const endMs = performance.now() + lastsMs;
      while (performance.now() + EVERY_MS < endMs) {
        load.leaveAndReturn(SHARE, AWAY_MS);
        await wait(EVERY_MS);
      }
      await wait(Math.max(0, endMs - performance.now()));
    },
  };
}

/**
 * Memory of each process and latency at the end of the soak, beside those of its beginning: the first sixth is left out,
 * caches fill in it.
 */
export function judgeFlat(verdict: Verdict, samples: readonly Sample[]): readonly Figure[] {
  const names = [...new Set(samples.map(([, , name]) => name))].filter((name) => name.startsWith('rss.'));
  const memory = names.map((name) => {
    const values = samples.filter(([, , other]) => other === name).map(([, , , value]) => value);
    return growth(`memory of ${name.slice('rss.'.length)}`, values, MOST_MEMORY_PERCENT);
  });
  const latencies = valuesInPhase(verdict, 'latency p99', 'soak');
  return [...memory, growth('latency, p99 of a second', latencies, MOST_LATENCY_PERCENT)];
}

function growth(what: string, values: readonly number[], most: number): Figure {
  const sixth = Math.floor(values.length / 6);
  const value = (median(values.slice(-sixth)) / median(values.slice(sixth, 2 * sixth))) * 100;
  return { phase: 'soak', name: `${what} at the end, of that at the beginning`, value, most, unit: '%' };
}
