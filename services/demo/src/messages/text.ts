import { HttpProblem } from '../http/problem.ts';

/** The longest message, in UTF-16 code units; with whatever a text can hold it stays far below Flotilla's 64 KiB. */
export const TEXT_LIMIT = 4_000;

/** What a text and its key must look like in a request's body. */
export const TEXT_PROPERTIES = Object.freeze({
  text: { type: 'string', minLength: 1, maxLength: TEXT_LIMIT },
  key: { type: 'string', pattern: '^[\\w-]{8,64}$' },
});

/** @throws {HttpProblem} 400 bad_text for nothing but white space, or half a character */
export function checkText(text: string): void {
  if (text.trim() === '' || !text.isWellFormed()) throw new HttpProblem(400, 'bad_text', 'That is no text.');
}

/** A position in a log, as Flotilla writes it. */
export const POSITION = Object.freeze({ type: 'string', pattern: '^[0-9a-f]{1,12}\\.[0-9]{1,15}$' });
