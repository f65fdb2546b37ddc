import * as v from 'valibot';
import { FlotillaError } from '@flotilla-im/protocol';

type Entries = Readonly<Record<string, v.GenericSchema>>;

/** A schema of options with what every call takes. */
export const CALL_ENTRIES = {
  signal: v.optional(v.instance(AbortSignal, 'must be an AbortSignal')),
  deadlineMs: v.optional(v.pipe(v.number('must be a number'), v.gtValue(0, 'must be above 0'))),
};

/** A whole number of at least `min`, in the sentences of this package. */
export function wholeNumber(min: number) {
  const message = `must be a whole number of at least ${min}`;
  return v.optional(v.pipe(v.number(message), v.integer(message), v.minValue(min, message)));
}

/**
 * Checks options against their entries. Missing ones stay missing: defaults are the next stage's.
 *
 * @param what - names the call in the sentence
 * @throws {FlotillaError} bad_options naming every fault at once, unknown options included
 */
export function parseOptions<const E extends Entries>(
  entries: E,
  given: unknown,
  what: string,
): v.InferOutput<v.ObjectSchema<E, undefined>> {
  if (given === undefined) return parseOptions(entries, {}, what);
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw new FlotillaError('bad_options', `${what}: the options must be an object`);
  }
  const faults = unknownNames(Object.keys(given), entries);
  const result = v.safeParse(v.object(entries), given);
  for (const issue of result.issues ?? []) faults.push(`${v.getDotPath(issue) ?? ''} ${issue.message}`.trim());
  if (!result.success || faults.length > 0) {
    throw new FlotillaError('bad_options', `${what}: ${faults.join('; ')}`, { details: { faults } });
  }
  return result.output;
}

function unknownNames(names: readonly string[], entries: Entries): string[] {
  return names.filter((name) => !Object.hasOwn(entries, name)).map((name) => `${name} is no option`);
}
