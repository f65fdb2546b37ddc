/** Bytes of a file, both ends included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

const ONE_RANGE = /^bytes=(?:(\d{1,15})-(\d{0,15})|-(\d{1,15}))$/u;

/**
 * What a `Range` header asks for (RFC 9110, section 14): one range, with both ends, from a byte on, or so many of the last
 * ones. Several at once and what cannot be read count as none, as that document allows.
 *
 * @param header - null: there is none
 * @param size - of the whole file, above 0
 * @returns null: all of it; `beyond`: nothing of that range is there (416)
 */
export function parseRange(header: string | null, size: number): ByteRange | 'beyond' | null {
  const [, from, to = '', last] = ONE_RANGE.exec(header?.trim() ?? '') ?? [];
  if (last !== undefined) {
    return Number(last) === 0 ? 'beyond' : { start: Math.max(0, size - Number(last)), end: size - 1 };
  }
  if (from === undefined || (to !== '' && Number(to) < Number(from))) return null;
  if (Number(from) >= size) return 'beyond';
  return { start: Number(from), end: to === '' ? size - 1 : Math.min(Number(to), size - 1) };
}
