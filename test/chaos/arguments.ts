import { parseArgs } from 'node:util';
import { CASES } from './campaign/cases.ts';
import { neededTopology } from './campaign/schedule.ts';
import { FAULTS, faultNamed } from './faults/faults.ts';
import type { FaultKind } from './faults/fault.ts';
import type { Mutant } from './load/load.ts';
import { isMutant, MUTANTS } from './campaign/mutants.ts';

/** Where results go. */
export interface Output {
  /** Folder of the reports. Default: `chaos-reports`. */
  readonly reports: string;
  /** The verdict as one line of JSON on standard output; the timeline then goes to standard error. */
  readonly isJson: boolean;
  /** Journals and logs stay even if everything held. */
  readonly isKept: boolean;
}

/** What is asked for. A seed of null: one by chance, which is printed. */
export type Given =
  | { readonly task: 'help' }
  | { readonly task: 'list' }
  | {
      readonly task: 'mutants';
      readonly names: readonly Mutant[];
      readonly seed: number | null;
      readonly output: Output;
    }
  | {
      readonly task: 'case';
      readonly name: string;
      readonly seed: number | null;
      /** Length of the soak; null: its default. */
      readonly minutes: number | null;
      readonly output: Output;
    }
  | {
      readonly task: 'campaign';
      readonly seed: number | null;
      /** Instead of those of the seed: one step after another, each of faults that happen at once. */
      readonly steps: readonly (readonly FaultKind[])[] | null;
      /** What the schedule of a seed has to fit into; null: a full campaign's time. */
      readonly seconds: number | null;
      readonly output: Output;
    };

/** What `--help` says. */
export const USAGE = `Puts a whole Flotilla on this machine under load, does it harm, and has an independent observer judge.

  npm run chaos [-- options]

  --seed N         the schedule of that seed: faults, victims, lengths (default: by chance, printed)
  --faults A,B+C   these faults one after another instead, B and C at once; the seed decides victims and lengths
  --seconds N      as many faults of the seed as fit into that time (default 280)
  --case NAME      one of ${CASES.map(({ name }) => name).join(', ')}
  --minutes N      length of the soak (default 60)
  --mutants        short runs, each with a fault planted between system and application, which must be found
  --mutant NAME    one of them: ${MUTANTS.join(', ')}
  --list           names of all faults and cases, and what they do
  --report DIR     folder of the reports (default chaos-reports)
  --json           the verdict as one line of JSON
  --keep           keeps journals and logs although everything held
  --help

Exit code 0: everything held; 1: a promise was broken; 2: wrong use; 3: it could not be run.`;

const OPTIONS = {
  seed: { type: 'string' },
  faults: { type: 'string' },
  seconds: { type: 'string' },
  case: { type: 'string' },
  minutes: { type: 'string' },
  mutants: { type: 'boolean', default: false },
  mutant: { type: 'string' },
  list: { type: 'boolean', default: false },
  report: { type: 'string', default: 'chaos-reports' },
  json: { type: 'boolean', default: false },
  keep: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** @throws RangeError or a TypeError of `parseArgs` when it is something else than {@link USAGE} says */
export function parseArguments(args: readonly string[]): Given {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  if (values.help) return { task: 'help' };
  if (values.list) return { task: 'list' };
  const output = { reports: values.report, isJson: values.json, isKept: values.keep };
  const seed = wholeNumber('--seed', values.seed);
  const kinds = ['faults', 'case', 'mutant'] as const;
  const asked = [...kinds.filter((kind) => values[kind] !== undefined), ...(values.mutants ? ['mutants'] : [])];
  if (asked.length > 1) throw new RangeError(`--${asked.join(' and --')} do not go together`);
  if (values.minutes !== undefined && values.case !== 'soak') throw new RangeError('--minutes is for --case soak');
  if (values.case !== undefined) {
    const { name } = caseNamed(values.case);
    return { task: 'case', name, seed, minutes: wholeNumber('--minutes', values.minutes), output };
  }
  if (values.mutants) return { task: 'mutants', names: MUTANTS, seed, output };
  if (values.mutant !== undefined) return { task: 'mutants', names: [mutantNamed(values.mutant)], seed, output };
  const seconds = wholeNumber('--seconds', values.seconds);
  return { task: 'campaign', seed, steps: parseSteps(values.faults), seconds, output };
}

/** What `--list` says. */
export function listed(): string {
  const width = Math.max(...[...FAULTS, ...CASES].map(({ name }) => name.length));
  const lines = (all: readonly { name: string; what: string }[]): string =>
    all.map(({ name, what }) => `  ${name.padEnd(width)}  ${what.replaceAll('`', '')}`).join('\n');
  return `Faults:\n${lines(FAULTS)}\n\nCases:\n${lines(CASES)}`;
}

function parseSteps(names: string | undefined): FaultKind[][] | null {
  const steps = names?.split(',').map((step) => step.split('+').map((name) => faultNamed(name.trim()))) ?? null;
  neededTopology(steps ?? []);
  return steps;
}

function caseNamed(name: string): (typeof CASES)[number] {
  const found = CASES.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`there is no case "${name}"; --list shows them`);
  return found;
}

function mutantNamed(name: string): Mutant {
  if (!isMutant(name)) throw new RangeError(`there is no mutant "${name}"; --help shows them`);
  return name;
}

function wholeNumber(option: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new RangeError(`${option} is a whole number from 1 on, not "${text}"`);
  return value;
}
