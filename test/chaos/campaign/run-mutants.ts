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
  const run = async (mutant: Mutant | null, faults: readonly string[]): Promise<Verdict> => {
    const folder = join(reports, `chaos-mutant-${mutant ?? 'none'}-${seed}`);
    const schedule = scheduleOf(
      seed,
      faults.map((fault) => [faultNamed(fault)]),
    );
    const { verdict } = await runChaos({
      schedule,
      load: MUTANT_LOAD,
      hasLinks: true,
      mutant,
      folder,
      signal,
      teller: SILENT,
    });
    await rm(folder, { recursive: true, force: true });
    return verdict;
  };
  const table: { mutant: string; isAsItMustBe: boolean; found: string }[] = [];
  const tell = (mutant: string, isAsItMustBe: boolean, verdict: Verdict): void => {
    const found = foundIn(verdict);
    table.push({ mutant, isAsItMustBe, found });
    lines.write(`${isAsItMustBe ? '✓' : '✗'} ${mutant.padEnd(16)} ${found}\n`);
  };
  const none = await run(null, [...new Set(names.map((name) => CATCHES[name].faults))]);
  tell('none', none.passed, none);
  for (const mutant of names) {
    const { faults, kinds } = CATCHES[mutant];
    const verdict = await run(mutant, [faults]);
    const isFound = !verdict.passed && verdict.violations.some(({ kind }) => kinds.includes(kind));
    tell(mutant, isFound, verdict);
  }
  if (isJson) tellJson(JSON.stringify(table));
  return table.every(({ isAsItMustBe }) => isAsItMustBe);
}

/** How often each kind was found, and the first one in its words. */
function foundIn({ violations, violationCount }: Verdict): string {
  if (violationCount === 0) return 'nothing found';
  const kinds = Map.groupBy(violations, ({ kind }) => kind);
  const counts = [...kinds].map(([kind, all]) => `${all.length} ${kind}`).join(', ');
  return `${counts}; first: ${violations[0]?.text ?? ''}`;
}
