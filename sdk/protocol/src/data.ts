import { FlotillaError } from './errors.ts';
import { utf8Bytes } from './hash.ts';
import { LIMITS } from './limits.ts';

function stringify(data: unknown): string | undefined {
  try {
    // `undefined`, functions and symbols have no JSON form: JSON.stringify gives undefined for them, whatever its type says.
    return JSON.stringify(data);
  } catch (cause) {
    throw new FlotillaError('bad_data', 'the data cannot be written as JSON', { cause });
  }
}

/**
 * A message's data as JSON text.
 *
 * @param limitBytes most bytes of UTF-8 it may take; 65,536 by default
 * @throws {FlotillaError} bad_data (no JSON form), data_too_large
 */
export function encodeData(data: unknown, limitBytes: number = LIMITS.dataBytes): string {
  const json = stringify(data);
  if (json === undefined) throw new FlotillaError('bad_data', 'the data has no JSON form');
  // A text takes at least one and at most three bytes a UTF-16 unit: most need no counting.
  if (json.length * 3 > limitBytes && utf8Bytes(json) > limitBytes) {
    throw new FlotillaError('data_too_large', `the data is larger than ${limitBytes} bytes as JSON`, {
      details: { limitBytes },
    });
  }
  return json;
}
