import { FlotillaError, parseClientId } from '@flotilla-im/protocol';

/** An id as FreeIM's users have it: int64 there, so a number, a bigint or its digits; any other clientId as well. */
export type ImId = number | bigint | string;

/**
 * The clientId of an id.
 *
 * @throws {FlotillaError} bad_client_id for 0 (nobody), for numbers that JavaScript has rounded, and for what is no id
 */
export function clientIdOf(id: ImId): string {
  if (typeof id === 'number' && !Number.isSafeInteger(id)) {
    throw new FlotillaError(
      'bad_client_id',
      'numbers beyond 2^53 are not exact: give such ids as a string or a bigint',
    );
  }
  if (isNobody(id)) throw new FlotillaError('bad_client_id', '0 is nobody');
  return parseClientId(typeof id === 'string' ? id : String(id));
}

/** The sender of an id: null, the system, for 0. */
export function senderOf(id: ImId | null): string | null {
  return id === null || isNobody(id) ? null : clientIdOf(id);
}

function isNobody(id: ImId): boolean {
  return id === 0 || id === 0n || id === '0';
}
