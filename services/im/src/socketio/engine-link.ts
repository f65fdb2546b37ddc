import { FlotillaError } from '@flotilla-im/protocol';
import type { Socket as SocketIoSocket } from 'socket.io';
import type { WebSocket } from 'ws';
import type { Session } from '../connections/session.ts';
import type { Packets } from './packets.ts';

/** An Engine.IO connection: long polling or WebSocket, and perhaps first the one and then the other. */
export type EngineConnection = SocketIoSocket['conn'];

/** An Engine.IO packet as its events show it. */
interface EnginePacket {
  readonly type: string;
  readonly data?: unknown;
}

/**
 * What one connection needs of Engine.IO: writing what is encoded already, knowing how much the network has not taken,
 * and its heartbeat. Each ping carries a mark for what was written before it; its pong confirms that those bytes arrived.
 */
export class EngineLink {
  readonly #conn: EngineConnection;
  readonly #taken: () => void;
  #unsentBytes = 0;
  /** Marks of the pings that were not answered yet, oldest first; 0 for a ping with nothing to confirm. */
  readonly #marks: number[] = [];

  /** @param taken - called when the network has taken something that was written */
  constructor(conn: EngineConnection, taken: () => void) {
    this.#conn = conn;
    this.#taken = taken;
  }

  /** Bytes written that the network has not taken. */
  get unsentBytes(): number {
    return this.#unsentBytes;
  }

  /**
   * Connects heartbeat, rate and end to the session.
   *
   * @param mark - the session's mark for what was written so far, or 0
   */
  attach(session: Session, mark: () => number, vanished: () => void): void {
    this.#conn.on('packetCreate', (packet: EnginePacket) => {
      if (packet.type === 'ping') this.#marks.push(mark());
    });
    this.#conn.on('heartbeat', () => this.#confirm(session));
    this.#conn.on('packet', (packet: EnginePacket) => hear(packet, session));
    this.#conn.once('close', (reason: string) => {
      // Who answers no ping answers no close frame either, and need not wait for our giving up.
      if (reason === 'ping timeout') this.cut();
      vanished();
    });
  }

  /** Writes packets as they are, in one frame buffer over WebSocket and in one payload over polling. */
  write({ text, frames }: Packets): void {
    const bytes = frames.length;
    this.#unsentBytes += bytes;
    // The engine sends `wsPreEncodedFrame` as it is; socket.io-adapter broadcasts by the same option.
    const options = { compress: false, wsPreEncodedFrame: [frames] };
    let hadToWait = false;
    this.#conn.write(text, options, () => {
      this.#unsentBytes -= bytes;
      if (hadToWait) this.#refresh();
      this.#taken();
    });
    hadToWait = this.#isWaiting();
  }

  /**
   * Whether what was written waits for the peer: for room that it makes in the network's buffers, or for its next poll. What the
   * network takes at once says nothing about the peer.
   */
  #isWaiting(): boolean {
    if (this.#webSocket() !== undefined) return this.#queuedInHandle() > 0;
    const { writeBuffer } = this.#conn as unknown as { writeBuffer: readonly unknown[] };
    return writeBuffer.length > 0;
  }

  /** The peer took what had waited for it, a sign of life: a ping's time begins anew, as it does for the engine after a packet. */
  #refresh(): void {
    const { pingTimeoutTimer } = this.#conn as unknown as { pingTimeoutTimer?: NodeJS.Timeout | null };
    pingTimeoutTimer?.refresh();
  }

  /** Stops or goes on reading. A poller cannot be held, and need not: it sends one request at a time. */
  hold(isHeld: boolean): void {
    const socket = this.#webSocket();
    if (isHeld) socket?.pause();
    else socket?.resume();
  }

  /** Changes whenever the network takes something: one large write counts as unsent until all of it is gone. */
  get pulse(): number {
    return this.#unsentBytes + this.#queuedInHandle();
  }

  /** Bytes that the kernel has not taken yet. */
  #queuedInHandle(): number {
    const { _socket: socket } = (this.#webSocket() ?? {}) as {
      _socket?: { _handle?: { writeQueueSize?: number } | null };
    };
    return socket?._handle?.writeQueueSize ?? 0;
  }

  /** Drops the connection at once. */
  cut(): void {
    cutConnection(this.#conn);
  }

  /** The WebSocket under the transport, where it is one. */
  #webSocket(): WebSocket | undefined {
    return webSocketOf(this.#conn);
  }

  #confirm(session: Session): void {
    const mark = this.#marks.shift();
    const isRight = mark !== undefined && (mark === 0 || session.confirm(mark));
    if (!isRight) session.fail(new FlotillaError('bad_frame', 'a pong for what was never written'));
  }
}

/** Drops a connection at once, whatever waits on it. */
export function cutConnection(conn: EngineConnection): void {
  webSocketOf(conn)?.terminate();
  conn.close(true);
}

function webSocketOf({ transport }: EngineConnection): WebSocket | undefined {
  return (transport as { socket?: WebSocket }).socket;
}

function hear(packet: EnginePacket, session: Session): void {
  session.heard();
  if (packet.type !== 'message' || !session.frame()) return;
  // Binary attachments come as packets of their own; no message of Flotilla has any.
  if (typeof packet.data !== 'string') session.fail(new FlotillaError('bad_frame', 'binary data is not taken'));
}
