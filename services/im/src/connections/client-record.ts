import { type Grants, type Position, slotOf } from '@flotilla-im/protocol';
import type { ClientState } from '@flotilla-im/store';
import type { LogView } from '../delivery/log-view.ts';
import type { Connection } from './connection.ts';

/** What a pod knows of a client while a connection of it is here, or on its way. */
export class ClientRecord {
  readonly clientId: string;
  readonly slot: number;
  readonly inbox: LogView;
  /** All that have asked to be served and are not gone. */
  readonly connections: Connection[] = [];
  /**
   * The life of its partition in which the store knew all that is here; null before the first answer. In another one the store
   * has forgotten it: what is known here has to be written again before what the store says of the client is believed.
   */
  life: string | null = null;
  /** Confirmed memberships: channel → where the join stands. Null before the first answer of the store. */
  memberships: ReadonlyMap<string, Position> | null = null;
  /** Grants that replace those of tokens issued before `atMs`. */
  grants: { readonly grants: Grants; readonly atMs: number } | null = null;
  /** A reading of the client's state runs; another is due after it. */
  isRefreshing = false;
  mustRefresh = false;
  /** Monotonic milliseconds of the last time cursors of it were stored. */
  cursorsAtMs = Number.NEGATIVE_INFINITY;

  constructor(clientId: string, inbox: LogView) {
    this.clientId = clientId;
    this.slot = slotOf(clientId);
    this.inbox = inbox;
  }

  /** Takes over what the store says. Returns the memberships it had before; null at the first time. */
  update({ life, memberships, grants, grantsAtMs }: ClientState): ReadonlyMap<string, Position> | null {
    const before = this.memberships;
    this.life = life;
    this.memberships = membershipMap(memberships);
    this.grants = grants === undefined ? null : { grants, atMs: grantsAtMs };
    return before;
  }
}

const NONE: ReadonlyMap<string, Position> = new Map();

function membershipMap(memberships: ClientState['memberships']): ReadonlyMap<string, Position> {
  // Most clients are in no channel; they share one empty map.
  if (memberships.length === 0) return NONE;
  return new Map(
    memberships.filter(({ isConfirmed }) => isConfirmed).map(({ channel, joinedAt }) => [channel, joinedAt]),
  );
}
