import type { Duplex } from 'node:stream';
import {
  type ClientFrame,
  type CloseCode,
  type CloseReason,
  encodeServerFrame,
  FlotillaError,
  type FrameLimits,
  isFlotillaError,
  parseClientFrame,
  parsePosition,
  type Position,
} from '@flotilla-im/protocol';
import type { WebSocket } from 'ws';
import type { Positions } from '../connections/session.ts';
import type { Notice } from '../connections/transport.ts';
import { WebSocketTransport } from '../connections/web-socket-transport.ts';
import type { FrameRun } from '../delivery/frame-run.ts';
import { pingFrame, textFrame } from '../delivery/text-frame.ts';

const PONG = textFrame(encodeServerFrame({ type: 'pong' }));
const PING = pingFrame('');
/** What the ping of a question carries, and so its pong (RFC 6455, section 5.5.3). */
const READ = 'read';
const QUESTION = pingFrame(READ);

/** What the way out of a `flotilla.v1` connection needs. */
export interface V1Limits extends FrameLimits {
  /** How long a silent client is left alone before its network stack is asked whether it lives. */
  readonly heartbeatMs: number;
}

/** `flotilla.v1` over a WebSocket: notices leave as frames of the same form, frames of the client reach the session. */
export class V1Transport extends WebSocketTransport {
  readonly kind = 'v1';
  readonly #limits: V1Limits;
  /** When the client was last heard before the silence that it was pinged for. */
  #pingedAfterMs = -1;
  #isHeld = false;
  /** When a client that is not read was last told that it is served all the same. */
  #toldAtMs = Number.NEGATIVE_INFINITY;

  constructor(ws: WebSocket, socket: Duplex, limits: V1Limits) {
    super(ws, socket);
    this.#limits = limits;
  }

  deliver(run: FrameRun): void {
    this.push(run.v1());
  }

  tell(notice: Notice): void {
    this.push(textFrame(encodeServerFrame(notice)));
  }

  /**
   * The client keeps the heartbeat, where it can: the timers of a hidden tab may run once a minute. Its network stack answers
   * all the same, so that is asked, once a silence. A client that is not read hears a `pong` for the pings that wait.
   */
  beat(nowMs: number, heardAtMs: number): void {
    if (this.#isHeld) {
      this.#tellServed(nowMs);
      return;
    }
    if (nowMs - heardAtMs < this.#limits.heartbeatMs || heardAtMs === this.#pingedAfterMs) return;
    this.#pingedAfterMs = heardAtMs;
    this.push(PING);
    this.flush();
  }

  override hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    super.hold(isHeld);
  }

  #tellServed(nowMs: number): void {
    if (nowMs - this.#toldAtMs < this.#limits.heartbeatMs) return;
    this.#toldAtMs = nowMs;
    this.push(PONG);
    this.flush();
  }

  ask(): void {
    this.push(QUESTION);
    this.flush();
  }

  ponged(payload: Buffer): void {
    this.session?.heard();
    if (payload.toString('latin1') === READ) this.session?.answered();
  }

  received(data: Buffer, isBinary: boolean): void {
    const { session } = this;
    if (session === null || !session.frame()) return;
    if (isBinary) {
      session.fail(new FlotillaError('bad_frame', 'frames are texts'));
      return;
    }
    try {
      this.#obey(parseClientFrame(data.toString(), this.#limits));
    } catch (error) {
      this.#answerFault(error);
    }
  }

  protected farewell(code: CloseCode, { reason, retryAfterMs }: CloseReason): void {
    const bye = { type: 'bye', code, reason, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) } as const;
    this.push(textFrame(encodeServerFrame(bye)));
  }

  #obey(frame: ClientFrame): void {
    const { session } = this;
    if (session === null) return;
    switch (frame.type) {
      case 'resume':
        session.resume(positionsOf(frame));
        return;
      case 'ack':
        session.acknowledge(positionsOf(frame));
        return;
      case 'ping':
        this.push(PONG);
        this.flush();
        return;
      default:
        session.request(frame);
    }
  }

  /** A request that names itself gets a reply, anything else that is unreadable ends the connection. */
  #answerFault(error: unknown): void {
    const { session } = this;
    const id: unknown = isFlotillaError(error) ? error.details?.['id'] : undefined;
    if (isFlotillaError(error) && typeof id === 'string') {
      this.tell({ type: 'reply', re: id, ok: false, code: error.code, message: error.message });
      this.flush();
    } else {
      session?.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

function positionsOf({ inbox, channels }: { inbox?: string; channels?: Readonly<Record<string, string>> }): Positions {
  return {
    ...(inbox === undefined ? {} : { inbox: place(inbox) }),
    ...(channels === undefined ? {} : { channels: places(channels) }),
  };
}

function places(texts: Readonly<Record<string, string>>): Record<string, Position> {
  const positions = Object.create(null) as Record<string, Position>;
  for (const channel of Object.keys(texts)) positions[channel] = place(texts[channel]);
  return positions;
}

/** The parser of frames has checked it. */
function place(text: string | undefined): Position {
  const position = parsePosition(text);
  if (position === null) throw new FlotillaError('bad_position', 'a position has the form generation.offset');
  return position;
}
