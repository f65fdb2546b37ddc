import type { Position, Grants } from '@flotilla-im/protocol';
import type { LogSlice } from './log.ts';

/** Reason of the disconnects that `replace` asks for; pods close such connections with 4501 instead of 4500. */
export const REPLACED_REASON = 'replaced';

/** One live connection in a client's presence entry. */
export interface ConnectionEntry {
  readonly connection: string;
  readonly shard: number;
  readonly incarnation: string;
  readonly device: string | null;
  /** Milliseconds since 1970 by the store's clock. */
  readonly since: number;
}

/** What a pod knows of a connection that asks to be served. */
export interface ConnectRequest {
  readonly clientId: string;
  /** Unique for ever: a call repeated after a lost reply is known by it and does nothing twice. */
  readonly connection: string;
  readonly shard: number;
  /** Without `|`. */
  readonly incarnation: string;
  readonly device: string | null;
  /** Milliseconds since 1970; a token id is spent until a minute after it expires. */
  readonly token: { readonly id: string; readonly issuedAtMs: number; readonly expiresAtMs: number };
  /**
   * The connection a move continues: while that one is there, no presence event comes of this arrival, nor of that one's end.
   * Both count as one connection, and nothing is replaced. A disconnect asked for that one refuses this one (`token_revoked`).
   */
  readonly continues?: string;
  /**
   * The life of the client's partition in which the shard of that connection knows the client. In another one the store has
   * forgotten the client, and that shard is about to write it again: until then it arrives nowhere else (`store_unavailable`).
   */
  readonly life?: string;
  /** Opaque JSON text, stored for this client and put into its events. */
  readonly metadata?: string;
  readonly replace: boolean;
  readonly maxConnections: number;
  /** Inbox position the client brought. It has what came before: this is an acknowledgement too. */
  readonly inboxAfter?: Position;
}

/** A channel the client belongs to. */
export interface Membership {
  readonly channel: string;
  /** The channel's tail at the join: a read never starts before it. */
  readonly joinedAt: Position;
  /** False while a join or leave was interrupted by a crash; whoever sees it finishes it with `ChannelStore.settle`. */
  readonly isConfirmed: boolean;
}

/** What business changed for connections that are open. */
export interface ClientState {
  /** The life of the client's partition that this is of: another one knows nothing of what was before it. */
  readonly life: string;
  readonly memberships: readonly Membership[];
  /** Tokens issued then or before are refused; 0 = none. Milliseconds since 1970. */
  readonly refusedUntilMs: number;
  /** Connections that are to be closed, each by its id; `REPLACED_REASON` where a newer one takes their place. */
  readonly disconnects: readonly { connection: string; reason: string; atMs: number }[];
  /** Grants that replace those of tokens issued at `grantsAtMs` or before, if set. */
  readonly grants?: Grants;
  /** Milliseconds since 1970; 0 without `grants`. */
  readonly grantsAtMs: number;
}

/** What came of `connect`. */
export type ConnectResult =
  | {
      readonly outcome: 'refused';
      readonly why: 'token_used' | 'token_revoked' | 'fenced' | 'too_many_connections' | 'store_unavailable';
    }
  | {
      readonly outcome: 'connected';
      /** Whether the client was offline until now. A client is online from its first connection until its grace ends. */
      readonly isFirst: boolean;
      /** As in `ConnectionEntry`. */
      readonly since: number;
      readonly state: ClientState;
      /** Older connections that `replace` closes; their shards are told by the script. */
      readonly replaced: readonly ConnectionEntry[];
      /** The inbox from `inboxAfter`, else from the device's or the client's cursor, else from its start; first page. */
      readonly inbox: LogSlice;
      /** Channel cursors of the named device. */
      readonly channelCursors: Readonly<Record<string, Position>>;
    };

/** The end of a connection. */
export interface DisconnectRequest {
  readonly clientId: string;
  readonly connection: string;
  readonly incarnation: string;
  /** 0: the client said goodbye or was disconnected, it is offline at once when this was its last connection. */
  readonly graceMs: number;
  readonly reason: string;
  /** Cursors to store with it. */
  readonly cursors?: Cursors;
  /** The id of its token. */
  readonly token?: string;
  /**
   * A `connect` or `reassert` of it may still be under way, in a socket that was given up: what arrives after this is refused,
   * by the token.
   */
  readonly isDoubtful?: boolean;
  /**
   * As the store knew it, and in which life of its partition. In another life the store has forgotten it with all else: its end is
   * told as if it were there, once (with `token`), and after this grace at least, since others have yet to say who is connected
   * to them.
   */
  readonly known?: {
    readonly life: string;
    readonly shard: number;
    readonly device: string | null;
    readonly graceMs: number;
  };
}

/** A live connection as its pod has it. */
export interface AssertedConnection {
  readonly clientId: string;
  readonly entry: ConnectionEntry;
  /** Opaque JSON text. */
  readonly metadata?: string;
  /** The id of its token: where the store has heard of its end already, it does not come back. */
  readonly token?: string;
  /**
   * The confirmed memberships of its client that the pod knows, and in which life of its partition it learnt them. In another
   * life they are written again: the store has lost them. What was left or joined since stands.
   */
  readonly known?: { readonly life: string; readonly channels: readonly string[] };
}

/** Positions the client confirmed. Merged by maximum within a generation. */
export interface Cursors {
  readonly device: string | null;
  readonly inbox?: Position;
  /** Only stored for named devices. */
  readonly channels?: Readonly<Record<string, Position>>;
}

/** Presence: a hash per client, leases per incarnation. First/last, grace and events are decided in the scripts. */
export interface PresenceStore {
  /** One round trip: token spent, revocation, limits, entry, first page of the inbox. */
  connect(request: ConnectRequest): Promise<ConnectResult>;
  /** Idempotent; another incarnation's entry is never touched. `fenced` when this incarnation was reaped. */
  disconnect(request: DisconnectRequest): Promise<'disconnected' | 'fenced'>;
  /**
   * Writes connections again that a store without memory of them should have (FLUSHALL, lost end), or that a pod takes along
   * into a new incarnation; no event for those present. Resolves to the lives of their partitions, in order.
   *
   * @throws `fenced` when this incarnation was reaped
   */
  reassert(incarnation: string, shard: number, connections: readonly AssertedConnection[]): Promise<string[]>;
  /**
   * Cursors that moved; emits due receipts. A later generation of the log wins over an earlier one; offsets not given out yet
   * are passed over, and so are unknown generations where any cursor of the client is known: where none is, its log was lost,
   * and the position is kept so that who brings none hears of that when he comes back. `fenced` when this incarnation was reaped.
   */
  storeCursors(
    incarnation: string,
    batch: readonly { clientId: string; cursors: Cursors }[],
  ): Promise<'stored' | 'fenced'>;
  /** The client's inbox cursor: the furthest of its devices' and its own. null: never connected. */
  cursor(clientId: string): Promise<Position | null>;
  refresh(clientId: string): Promise<ClientState>;
  /** In input order. True from the `online` event to the `offline` event, so through the grace as well. */
  isOnline(clientIds: readonly string[]): Promise<boolean[]>;
  connections(clientId: string): Promise<ConnectionEntry[]>;
  /** All clients that are online, some hundred a page; `next` null at the end. A client online throughout is listed exactly once or more, never missed. */
  list(cursor: string | null): Promise<{ clientIds: string[]; next: string | null }>;
  /**
   * Asks the shards to close connections (all, or one); resolves to how many it named. `refuseTokensBefore` refuses tokens
   * issued until now by the store's clock. A client in its grace is waited for no longer.
   */
  requestDisconnect(
    clientId: string,
    options: { reason: string; connection?: string; refuseTokensBefore?: boolean },
  ): Promise<number>;
  /** Replaces the grants of open and of later connections with tokens issued before; null takes that back. */
  setGrants(clientId: string, grants: Grants | null): Promise<void>;
  /** Waits for nothing: whether a cursor passed this position, is offline, or the entry is gone unread. */
  receiptState(clientId: string, position: Position): Promise<'delivered' | 'waiting' | 'offline' | 'expired'>;
  /** Same, and when it is not yet delivered has the hint `receipts:<instance>` sent with `<clientId>` once it is (kept 10 minutes). */
  watchReceipt(
    clientId: string,
    position: Position,
    instance: string,
  ): Promise<'delivered' | 'waiting' | 'offline' | 'expired'>;
  /**
   * Fences an incarnation in every partition and takes its connections and channel interest away; the grace (default 10 s)
   * starts for those it was the last of. Returns clients touched. Safe to repeat.
   */
  reap(incarnation: string, graceMs?: number): Promise<number>;
  /**
   * Incarnations that hold something in any partition. One without a lease for the length of a lease is to be reaped: the
   * store may have lost its lease, or it left in order and forgot something.
   */
  incarnations(): Promise<string[]>;
  /** Ends graces that are due (offline events) and settles interrupted joins; all partitions. Returns how many went offline. */
  sweep(): Promise<number>;
}
