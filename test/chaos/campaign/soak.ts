import type { Plan, Stage } from '../faults/fault.ts';
import type { Figure, Verdict } from '../observer/verdict.ts';
import type { ProcessControl, System } from '../system/system.ts';
import { median, valuesInPhase } from './phase-values.ts';

/** Clients that leave at once, and how long they stay away and connected. */
const SHARE = 0.02;
const AWAY_MS = 15_000;
const EVERY_MS = 30_000;

/** What memory and latency may grow from the beginning to the end. Its first sixth comes before: caches fill in it. */
const BEGINS = 1 / 6;
const MOST_MEMORY_PERCENT = 115;
const MOST_LATENCY_PERCENT = 125;

/**
 * Clients leave and return for so long. Memory is what a process holds once it has collected its garbage: between two
 * collections, which may be half an hour apart, it is two and a half times as much, and says nothing.
 */
export function leaveNowAndThen(lastsMs: number): Plan {
  return {
    detail: `${lastsMs / 60_000} minutes`,
    lastsMs,
    healsMs: 1_000,
    wholeWithinMs: 30_000,
    async run(stage) {
      await leaveFor(lastsMs * BEGINS, stage);
      const before = await memoryOf(stage.system);
      await leaveFor(lastsMs * (1 - BEGINS), stage);
      for (const [name, bytes] of await memoryOf(stage.system))
        stage.figure(growth(`memory of ${name}, its garbage collected,`, bytes, before.get(name), MOST_MEMORY_PERCENT));
    },
  };
}

async function leaveFor(lastsMs: number, { load, wait }: Stage): Promise<void> {
  const endMs = performance.now() + lastsMs;
  while (performance.now() + EVERY_MS < endMs) {
    load.leaveAndReturn(SHARE, AWAY_MS);
    await wait(EVERY_MS);
  }
  await wait(Math.max(0, endMs - performance.now()));
}

/** Bytes that each process holds. */
async function memoryOf({ shards, operator }: System): Promise<Map<string, number>> {
  const processes = [...shards.ids.map((id) => shards.shard(id)), operator];
  return new Map(await Promise.all(processes.map(heldBy)));
}

async function heldBy(process: ProcessControl): Promise<[string, number]> {
  await process.collect();
  return [process.name, process.residentBytes() ?? NaN];
}

/** Latency in the last sixth of the soak, beside that of its second. */
export function judgeFlat(verdict: Verdict): readonly Figure[] {
  const values = valuesInPhase(verdict, 'latency p99', 'soak');
  const sixth = Math.floor(values.length * BEGINS);
  const [after, before] = [median(values.slice(-sixth)), median(values.slice(sixth, 2 * sixth))];
  return [{ phase: 'soak', ...growth('latency, p99 of a second,', after, before, MOST_LATENCY_PERCENT) }];
}

/** A figure of which the beginning is not known keeps no bound. */
function growth(what: string, after: number, before = NaN, most: number): Omit<Figure, 'phase'> {
  return { name: `${what} at the end, of that at the beginning`, value: (after / before) * 100, most, unit: '%' };
}
