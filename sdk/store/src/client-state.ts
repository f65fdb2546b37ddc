import { LOG_START, parseGrants, parsePosition, type Grants, type Position } from '@flotilla-im/protocol';
import type { ClientState, ConnectionEntry, Membership } from './presence.ts';

/*
 * What the hashes `p:`, `cj:` and `b:` of a client say (keys.ts lists their fields).
 */

const ENTRY = /^(\d+)\|([^|]*)\|(\d+)\|([^]*)$/;
const MEMBERSHIP = /^([cjl]) (\S+) (.*)$/;
const DISCONNECT = /^(\d+) ([^]*)$/;

/** A connection as its presence hash holds it; `null` for what no version of Flotilla wrote. */
export function parseConnectionEntry(connection: string, text: string): ConnectionEntry | null {
  const [, shard, incarnation, since, device] = ENTRY.exec(text) ?? [];
  if (shard === undefined || incarnation === undefined) return null;
  return { connection, shard: Number(shard), incarnation, device: device || null, since: Number(since) };
}

/** `j`oining, `l`eaving or `c`onfirmed, the operation that wrote it, and where the join stands if that is known. */
export interface MembershipMark {
  readonly state: 'c' | 'j' | 'l';
  readonly operation: string;
  readonly position: Position | null;
  /** Of a join: what the channel's side knows is of an earlier membership, of whose end it has not heard. */
  readonly isAnew: boolean;
}

const ANEW = '-';

/** A client's side of a membership; `null` when there is none. */
export function parseMembershipMark(text: string): MembershipMark | null {
  const [, state, operation, position] = MEMBERSHIP.exec(text) ?? [];
  if (state === undefined || operation === undefined) return null;
  return {
    state: state as MembershipMark['state'],
    operation,
    position: parsePosition(position),
    isAnew: position === ANEW,
  };
}

function parseMembership([channel, text]: [string, string]): Membership[] {
  const mark = parseMembershipMark(text);
  return mark === null ? [] : [{ channel, joinedAt: mark.position ?? LOG_START, isConfirmed: mark.state === 'c' }];
}

function parseDisconnect([field, text]: [string, string]): ClientState['disconnects'][number][] {
  const [, at, reason] = field.startsWith('x:') ? (DISCONNECT.exec(text) ?? []) : [];
  return reason === undefined ? [] : [{ connection: field.slice(2), reason, atMs: Number(at) }];
}

/** Grants that cannot be read grant nothing. */
function readGrants(json: string): Grants {
  try {
    return parseGrants(JSON.parse(json));
  } catch {
    return {};
  }
}

/** What business changed for a client, out of its membership and control hashes. */
export function parseClientState(
  memberships: Map<string, string>,
  control: Map<string, string>,
  life: string,
): ClientState {
  const grants = control.get('grants');
  return {
    life,
    memberships: [...memberships].flatMap(parseMembership),
    refusedUntilMs: Number(control.get('refused') ?? 0),
    disconnects: [...control].flatMap(parseDisconnect),
    ...(grants === undefined ? {} : { grants: readGrants(grants) }),
    grantsAtMs: Number(control.get('granted') ?? 0),
  };
}
