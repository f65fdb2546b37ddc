import { HttpProblem } from '../http/problem.ts';

/** The longest name of a person or a channel, in characters. */
export const NAME_LIMIT = 40;

/** Flotilla's limit for ids. */
const NAME_BYTES = 128;
/** Control and format characters, lone surrogates, separators of lines: whatever does not show, or shows as something else. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]/u;

/**
 * A person's or a channel's name: 1 to 40 visible characters in one normal form, so that two names that look the same
 * are the same; spaces at the ends are dropped. Names are ids here; `$` begins Flotilla's own.
 *
 * @throws {HttpProblem} 400 bad_name
 */
export function parseName(value: unknown): string {
  const name = typeof value === 'string' ? value.trim().normalize('NFC') : '';
  const length = Array.from(name).length;
  const isRight = length > 0 && length <= NAME_LIMIT && !INVISIBLE.test(name) && !name.startsWith('$');
  if (isRight && Buffer.byteLength(name) <= NAME_BYTES) return name;
  throw new HttpProblem(400, 'bad_name', `A name has 1 to ${NAME_LIMIT} visible characters and does not begin with $.`);
}
