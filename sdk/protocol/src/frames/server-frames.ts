/** What an IM pod says on the `flotilla.v1` subprotocol: JSON texts, told apart by `type`. */
export type ServerFrame =
  | WelcomeFrame
  | MessageFrame
  | LiveFrame
  | GapFrame
  | JoinedFrame
  | LeftFrame
  | MovedFrame
  | ReplyFrame
  | ErrorFrame
  | PongFrame
  | ByeFrame;

/** Where one log stands for this connection after a resume. */
export interface ResumedLog {
  /** The position delivery goes on from (exclusive), `generation.offset`. */
  readonly position: string;
  /** False when messages between the brought position and this one cannot be had any more. */
  readonly recovered: boolean;
}

/** First frame of a served connection; messages follow it. */
export interface WelcomeFrame {
  readonly type: 'welcome';
  readonly clientId: string;
  /** This connection's id: presence events and `disconnect` name it. */
  readonly connection: string;
  readonly shard: number;
  readonly epoch: number;
  readonly inbox: ResumedLog;
  /** By channel name; the reserved broadcast channel `$broadcast` is among them. */
  readonly channels: Readonly<Record<string, ResumedLog>>;
  /** How often the client should send `ping` when it sent nothing else. */
  readonly heartbeatMs: number;
  /** Without any frame from the other side for this long, either side gives the connection up. */
  readonly heartbeatTimeoutMs: number;
}

/** A durable message. In the inbox when `channel` is missing. `data` is the sender's JSON (a string for text messages). */
export interface MessageFrame {
  readonly type: 'message';
  readonly position: string;
  /** Message id, unique, made by the sender's SDK. */
  readonly id: string;
  /** null: the system. */
  readonly from: string | null;
  /** Milliseconds since 1970 by Redis' clock, when it was accepted. */
  readonly at: number;
  readonly channel?: string;
  readonly data: unknown;
}

/** A message without position: at most once, never kept. */
export interface LiveFrame {
  readonly type: 'live';
  readonly id: string;
  readonly from: string | null;
  readonly channel?: string;
  readonly data: unknown;
}

/** A served log jumped: messages before `position` are lost for this client (`recovered: false`), or it did not keep up. */
export interface GapFrame {
  readonly type: 'gap';
  readonly channel?: string;
  readonly position: string;
  /** `slow`: the log still has them; they were skipped by the connection's `drop-oldest`. Missing: they are gone. */
  readonly reason?: string;
}

/** The client became a member; messages after `position` follow. */
export interface JoinedFrame {
  readonly type: 'joined';
  readonly channel: string;
  readonly position: string;
}

/** The client is no longer a member. */
export interface LeftFrame {
  readonly type: 'left';
  readonly channel: string;
}

/** Open a connection at `url` with `token` and resume there, then close this one with 1000. This one delivers until then. */
export interface MovedFrame {
  readonly type: 'moved';
  readonly url: string;
  readonly token: string;
  readonly epoch: number;
}

/** Outcome of one client request (`send`, `publish`, `upstream`, `subscribe`, `unsubscribe`), by its `id`. */
export interface ReplyFrame {
  readonly type: 'reply';
  readonly re: string;
  readonly ok: boolean;
  /** With `ok: true` for `send` and `publish`. */
  readonly messageId?: string;
  /** With `ok: false`: a code of the error table. */
  readonly code?: string;
  readonly message?: string;
  readonly retryAfterMs?: number;
}

/** A frame that was not understood or not allowed; the connection stays open unless a `bye` follows. */
export interface ErrorFrame {
  readonly type: 'error';
  readonly code: string;
  readonly message: string;
}

/** Answer to `ping`. */
export interface PongFrame {
  readonly type: 'pong';
}

/** Last frame before the close frame: the close code, its reason and, where a retry is wanted, how long to wait. */
export interface ByeFrame {
  readonly type: 'bye';
  readonly code: number;
  readonly reason: string;
  readonly retryAfterMs?: number;
}
