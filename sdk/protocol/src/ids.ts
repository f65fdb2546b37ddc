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
 * @throws {FlotillaError} bad_client_id
 */
export function parseClientId(value: unknown): ClientId {
  if (isClientId(value)) return value;
  throw new FlotillaError(
    'bad_client_id',
    'a clientId is a non-empty string of at most 128 bytes without lone surrogates',
  );
}

/**
 * Reads a channel name that an application may use.
 *
 * @throws {FlotillaError} bad_channel, reserved_channel (names starting with `$`)
 */
export function parseChannelName(value: unknown): ChannelName {
  if (!isChannelName(value)) {
    throw new FlotillaError(
      'bad_channel',
      'a channel is a non-empty string of at most 128 bytes without lone surrogates',
    );
  }
  if (isReservedChannel(value))
    throw new FlotillaError('reserved_channel', 'channel names starting with $ are reserved');
  return value;
}
