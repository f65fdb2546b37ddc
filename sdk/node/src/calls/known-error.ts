import { FlotillaError, isFlotillaError } from '@flotilla-im/protocol';

/** What callers may see of anything that was thrown: a `FlotillaError` as it is, the rest as `internal` with its cause. */
export function knownError(error: unknown): FlotillaError {
  if (isFlotillaError(error)) return error;
  const text = error instanceof Error ? error.message : String(error);
  return new FlotillaError('internal', `an unexpected failure: ${text}`, { cause: error });
}
