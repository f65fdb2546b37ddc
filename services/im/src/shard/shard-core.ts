import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FlotillaError } from '@flotilla-im/protocol';
import type { Arrival, Session } from '../connections/session.ts';
import type { Transport } from '../connections/transport.ts';
import type { Condition } from '../http/readiness.ts';
import type { Figures } from '../metrics/figures.ts';

/** What a WebSocket's peer asked for: our subprotocol, or none. */
export type WebSocketProtocol = 'v1' | 'plain';

/** An upgrade request that is to become a WebSocket, by being served or by being told why not. */
export interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

/** The heart of a pod: sessions, delivery, presence, moves. It knows no port and no HTTP. */
export interface ShardCore extends Figures {
  readonly shard: number;
  /** `starting` until the delivery path stands, `draining` from SIGTERM on. */
  readonly state: 'starting' | 'up' | 'draining';
  /** Conditions of readiness that are the core's: `delivery` (canary came back within a second), `lease`, `map`. */
  conditions(): readonly Condition[];
  /**
   * A connection of any protocol. The adapter calls `resume` on the result when the peer has said its first word.
   *
   * @throws {FlotillaError} draining
   */
  accept(transport: Transport, arrival: Arrival): Session;
  /** Completes the upgrade and serves it. Never throws; a peer that vanished meanwhile is released. */
  openWebSocket(upgrade: Upgrade, protocol: WebSocketProtocol, arrival: Arrival): void;
  /** Completes the upgrade, says why not in the protocol's manner (a `bye` frame, and the close code), and closes. */
  refuseWebSocket(upgrade: Upgrade, protocol: WebSocketProtocol, error: FlotillaError): void;
  /** Takes nobody any more, moves everybody, flushes, closes, gives the lease back. At most `limits.drainMs`. Repeated calls share one drain. */
  drain(): Promise<void>;
  /** Closes everybody now (1012), stores their cursors, gives the lease back. After `drain` only ends what still runs. */
  close(): Promise<void>;
  /** Vanishes as a killed process would: sockets are dropped, nothing is written to the store, the lease lapses. */
  kill(): void;
}
