/** What to run. */
export type Given =
  | { readonly task: 'mutants' }
  | {
      readonly task: 'schedules';
      readonly first: number;
      readonly schedules: number;
      /** Instead of a number of schedules. */
      readonly seconds: number | null;
      /** Steps of the schedule of the first seed, instead of those that it makes. */
      readonly steps: string | null;
      readonly mutant: string | undefined;
      readonly isTraced: boolean;
      readonly isQuiet: boolean;
    };

const USAGE = `Usage: npm run simulation -- [options]
  --schedules <n>  how many, from seed 1 or --seed on (1,000; with --seed one)
  --seconds <n>    as many as get done in that time
  --seed <n>       the first seed
  --steps <json>   the steps of one schedule, as a failure prints them
  --trace          prints everything that happens
  --quiet          prints a failure as it is found, without making it smaller
  --mutant <name>  with a fault planted in production code
  --mutants        every fault, each of which must be found`;

const NUMBERS = ['--schedules', '--seconds', '--seed'];
const TEXTS = ['--steps', '--mutant'];
const FLAGS = ['--trace', '--quiet', '--mutants'];

/** Reads the command line. Gives the usage when it is something else. */
export function parseArguments(args: readonly string[]): Given | { readonly usage: string } {
  const values = new Map<string, string>();
  for (let i = 0; i < args.length; i++) {
    const name = args[i] ?? '';
    const value = FLAGS.includes(name) ? 'yes' : args[++i];
    const isKnown = FLAGS.includes(name) || TEXTS.includes(name) || NUMBERS.includes(name);
    if (!isKnown || value === undefined) return { usage: USAGE };
    if (NUMBERS.includes(name) && !Number.isSafeInteger(Number(value))) return { usage: USAGE };
    values.set(name, value);
  }
  if (values.has('--mutants')) return { task: 'mutants' };
  const number = (name: string): number | undefined => (values.has(name) ? Number(values.get(name)) : undefined);
  return {
    task: 'schedules',
    first: number('--seed') ?? 1,
    schedules: number('--schedules') ?? (values.has('--seed') ? 1 : 1_000),
    seconds: number('--seconds') ?? null,
    steps: values.get('--steps') ?? null,
    mutant: values.get('--mutant'),
    isTraced: values.has('--trace'),
    isQuiet: values.has('--quiet'),
  };
}
