/** Something the person at the keyboard can act on. Its message is printed as it is, without a stack trace. */
export class Problem extends Error {
  override readonly name = 'Problem';
}

/** A sentence about any error, for a person. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
