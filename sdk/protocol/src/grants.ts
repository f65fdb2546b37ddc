import { FlotillaError } from './errors.ts';
import { isChannelName, isClientId } from './ids.ts';
import { isRecord } from './record.ts';

/** Which names a grant covers: all (`true`), the listed ones, or (when it is missing) none. */
export type NameGrant = true | readonly string[];

/** What a client itself may do over its connection. Nothing, unless granted. */
export interface Grants {
  /** Clients it may send to. */
  readonly send?: NameGrant;
  /** Channels it may publish to (membership is not needed). */
  readonly publish?: NameGrant;
  /** Channels it may join and leave. */
  readonly subscribe?: NameGrant;
  /** Whether its texts go to the business (`im.upstream`). */
  readonly upstream?: boolean;
}

/** The grants that name receivers or channels. */
export type NamedGrant = 'send' | 'publish' | 'subscribe';

/** Whether a client may `action` the client or channel `name`. */
export function isGranted(grants: Grants | undefined, action: NamedGrant, name: string): boolean {
  const granted = grants?.[action];
  return granted === true || (granted !== undefined && granted.includes(name));
}

function isNameGrant(value: unknown, isName: (name: unknown) => boolean): value is NameGrant {
  return value === true || (Array.isArray(value) && value.every((name) => isName(name)));
}

/**
 * Reads grants; a field that is not known is an error, since what it should forbid or allow would be lost.
 *
 * @throws {FlotillaError} bad_options
 */
export function parseGrants(value: unknown): Grants {
  if (!isRecord(value)) throw new FlotillaError('bad_options', 'grants must be an object');
  for (const [key, granted] of Object.entries(value)) {
    if (!isGrant(key, granted))
      throw new FlotillaError('bad_options', `grants: ${JSON.stringify(key)} is unknown or malformed`);
  }
  return value;
}

function isGrant(key: string, granted: unknown): boolean {
  if (granted === undefined) return true;
  if (key === 'upstream') return typeof granted === 'boolean';
  if (key === 'send') return isNameGrant(granted, isClientId);
  return (key === 'publish' || key === 'subscribe') && isNameGrant(granted, isChannelName);
}
