import type {
  Position,
  PublishFrame,
  SendFrame,
  SubscribeFrame,
  TokenClaims,
  UnsubscribeFrame,
  UpstreamFrame,
} from '@flotilla-im/protocol';
import type { Ending } from './ending.ts';

/** An arrival whose token was checked; whether it was spent or revoked is for the store to say, at `resume`. */
export interface Arrival {
  /** As `verifyToken` returned them. */
  readonly claims: TokenClaims;
  /** Network address, for the log. */
  readonly address: string;
  /** Monotonic milliseconds at which its request came. */
  readonly arrivedAtMs: number;
  /** Called when it is served (the gate counts those that are not yet). */
  readonly welcomed?: () => void;
  /** Called once when the connection is gone (the gate counts it down). */
  readonly release: () => void;
}

/** Positions the application has, or brings: the last ones it got. */
export interface Positions {
  readonly inbox?: Position;
  /** By channel name; a null-prototype object or a plain one. */
  readonly channels?: Readonly<Record<string, Position>>;
}

/** A request of a client, by its grants. */
export type ClientRequest = SendFrame | PublishFrame | UpstreamFrame | SubscribeFrame | UnsubscribeFrame;

/** The way in from one connection: what the core gives a protocol adapter. No method throws or rejects. */
export interface Session {
  readonly clientId: string;
  /** This connection's id. */
  readonly connection: string;
  readonly device: string | null;
  /** Whether the token (or business since) lets its texts through to the business. */
  readonly mayGoUpstream: boolean;
  /**
   * Starts service: presence, then the notice `welcome`, then messages. Once; a second call is a protocol error. Until
   * then nothing is delivered, and after `limits.helloTimeoutMs` the connection is closed with 4404.
   */
  resume(positions: Positions): void;
  /** Something arrived from the peer, of whatever kind: it lives. */
  heard(): void;
  /** A frame arrived: counts it. False: it came too fast, the connection is being closed (4409), ignore the frame. */
  frame(): boolean;
  /** The application has everything up to and with these positions. */
  acknowledge(positions: Positions): void;
  /**
   * For peers that confirm bytes, not positions (a ping and its pong): a number for all durable messages queued so far,
   * greater than earlier ones; 0 when the last one says as much, or too many are under way. Put it behind those bytes.
   */
  mark(): number;
  /** The peer confirmed a mark, and all before it. False: it was never set, the caller closes with 4504. */
  confirm(mark: number): boolean;
  /** Checks the grant, does it, and answers with the notice `reply`. Requests of a connection run one after another. */
  request(frame: ClientRequest): void;
  /** The peer has read what was queued before the last `Transport.ask`. */
  answered(): void;
  /** A bare text for the business; ignored without the grant. When it cannot be taken the connection is closed (1013). */
  upstreamText(text: string): void;
  /** The transport's backlog is gone after it had been too long, or shrank to nothing. */
  drained(): void;
  /** The core closes it, with the code of the error. */
  fail(error: Error): void;
  /** The core closes it, with a code of the table. */
  end(ending: Ending): void;
  /** The connection is gone. `code` as on the wire; 1005 without, 1006 when it vanished. Once, always. */
  closed(code: number): void;
}
