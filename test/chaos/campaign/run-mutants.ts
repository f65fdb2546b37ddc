import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { faultNamed } from '../faults/faults.ts';
import type { Mutant } from '../load/load.ts';
import type { Verdict } from '../observer/verdict.ts';
import { CATCHES } from './mutants.ts';
import { runChaos } from './run.ts';
import type { Telling } from './run-given.ts';
import { scheduleOf } from './schedule.ts';
import { MUTANT_LOAD } from './settings.ts';

const SILENT = { note: () => undefined, fault: () => undefined };

/**
 * A short run with each mutant, and first one with none, under all that brings them to light: an observer that finds fault
 * with everything finds nothing. Resolves to whether each mutant was found by what it must be found by, and the one with none held.
 */
export async function runMutants(
  names: readonly Mutant[],
  seed: number,
  reports: string,
  signal: AbortSignal,
  { lines, isJson, verdict: tellJson }: Telling,
): Promise<boolean> {
  const table: Row[] = [];
  const run = async (mutant: Mutant | null, faults: readonly string[], isAsItMustBe: IsAsItMustBe): Promise<void> => {
    const begunMs = performance.now();
    const folder = join(reports, `chaos-mutant-${mutant ?? 'none'}-${seed}`);
    await rm(folder, { recursive: true, force: true });
    const schedule = scheduleOf(
      seed,
      faults.map((fault) => [faultNamed(fault)]),
    );
    const { verdict } = await runChaos({
      // What is looked at is the observer: one Redis will do.
      schedule: { ...schedule, topology: 'single' },
      load: MUTANT_LOAD,
      mutant,
      folder,
      signal,
      teller: SILENT,
    });
    const seconds = Math.round((performance.now() - begunMs) / 1_000);
    const row = { mutant: mutant ?? 'none', isAsItMustBe: isAsItMustBe(verdict), seconds, found: foundIn(verdict) };
    table.push(row);
    lines.write(worded(row, folder));
    if (row.isAsItMustBe) await rm(folder, { recursive: true, force: true });
  };
  await run(null, [...new Set(names.map((name) => CATCHES[name].faults))], ({ passed }) => passed);
  for (const mutant of names) {
    const { faults, kinds } = CATCHES[mutant];
    await run(mutant, [faults], ({ violations }) => violations.some(({ kind }) => kinds.includes(kind)));
  }
  if (isJson) tellJson(JSON.stringify(table));
  return table.every(({ isAsItMustBe }) => isAsItMustBe);
}

interface Row {
  readonly mutant: string;
  readonly isAsItMustBe: boolean;
  readonly seconds: number;
  readonly found: string;
}

type IsAsItMustBe = (verdict: Verdict) => boolean;

function worded({ mutant, isAsItMustBe, seconds, found }: Row, folder: string): string {
  const told = `${isAsItMustBe ? '✓' : '✗'} ${mutant.padEnd(16)} ${String(seconds).padStart(3)} s  ${found}\n`;
  return isAsItMustBe ? told : `${told}  journals and logs: ${folder}\n`;
}

/** How often each kind was found, and the first one in its words. */
function foundIn({ violations, violationCount }: Verdict): string {
  if (violationCount === 0) return 'nothing found';
  const kinds = Map.groupBy(violations, ({ kind }) => kind);
  const counts = [...kinds].map(([kind, all]) => `${all.length} ${kind}`).join(', ');
  return `${counts}; first: ${violations[0]?.text ?? ''}`;
}
