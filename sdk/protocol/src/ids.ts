import { FlotillaError } from './errors.ts';
import { utf8Bytes } from './hash.ts';
import { LIMITS } from './limits.ts';

declare const brand: unique symbol;

/** A checked clientId: non-empty, at most 128 bytes as UTF-8, no lone surrogate. Any such string is one. */
export type ClientId = string & { readonly [brand]: 'ClientId' };

/** A checked channel name: the same shape as a clientId; `$…` are reserved. */
export type ChannelName = string & { readonly [brand]: 'ChannelName' };

/** The channel of which every connection is a member from its first connect. */
export const BROADCAST_CHANNEL = '$broadcast';

function isName(value: unknown): value is string {
  if (typeof value !== 'string' || value.length === 0 || value.length > LIMITS.idBytes) return false;
  return value.isWellFormed() && utf8Bytes(value) <= LIMITS.idBytes;
}

/** Whether a value is a clientId. */
export function isClientId(value: unknown): value is ClientId {
  return isName(value);
}

/** Whether a value is a channel name, reserved ones included. */
export function isChannelName(value: unknown): value is ChannelName {
  return isName(value);
}

/** Whether a value can name a device. */
export function isDeviceName(value: unknown): value is string {
  return isName(value);
}

/** Whether a channel name is kept for Flotilla itself. */
export function isReservedChannel(name: string): boolean {
  return name.startsWith('$');
}

/**
 * Reads a clientId.
 *
 * @param index - where it stands, if it is one of a list
 * @throws {FlotillaError} bad_client_id, with the index in the sentence and in `details`
 */
export function parseClientId(value: unknown, index?: number): ClientId {
  if (isClientId(value)) return value;
  throw badName('bad_client_id', 'clientId', index);
}

function badName(code: 'bad_client_id' | 'bad_channel', what: string, index: number | undefined): FlotillaError {
  const rule = `a ${what} is a non-empty string of at most ${LIMITS.idBytes} bytes without lone surrogates`;
  if (index === undefined) return new FlotillaError(code, rule);
  return new FlotillaError(code, `${rule}; the one at index ${index} is not`, { details: { index } });
}

/**
 * Reads a channel name that an application may use.
 *
 * @param index - where it stands, if it is one of a list
 * @throws {FlotillaError} bad_channel, with the index; reserved_channel (names starting with `$`)
 */
export function parseChannelName(value: unknown, index?: number): ChannelName {
  if (!isChannelName(value)) throw badName('bad_channel', 'channel', index);
  if (isReservedChannel(value))
    throw new FlotillaError('reserved_channel', 'channel names starting with $ are reserved');
  return value;
}
