import type { Duplex } from 'node:stream';
import { FlotillaError, formatCloseReason, SUBPROTOCOL } from '@flotilla-im/protocol';
import { type WebSocket, WebSocketServer } from 'ws';
import { refuseSocket } from '../http/answer.ts';
import { textFrame } from '../delivery/text-frame.ts';
import type { Upgrade, WebSocketProtocol } from '../shard/shard-core.ts';
import { endingOf } from './ending.ts';
import { ReasoningWebSocket } from './web-socket-transport.ts';

/** How long a peer may take to answer our close frame. */
const CLOSE_MS = 5_000;

/** The same for one that was never served: in a storm there are many of them. */
const REFUSED_CLOSE_MS = 1_000;

const NO_HANDSHAKE = 'this is no WebSocket handshake';

/** Turns upgrade requests into WebSockets. */
export class WebSocketDoor {
  readonly #server: WebSocketServer;

  /** @param frameBytes - a longer frame closes the connection with 1009 */
  constructor(frameBytes: number) {
    // `closeTimeout` is an option that the types of `ws` do not know yet.
    const options = {
      noServer: true,
      WebSocket: ReasoningWebSocket,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: frameBytes,
      // The transport answers, and counts.
      autoPong: false,
      closeTimeout: CLOSE_MS,
      // A browser fails a handshake that takes none of the subprotocols it offered, and then cannot read why it is refused.
      handleProtocols: (offered: Set<string>) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : ([...offered][0] ?? false)),
    };
    this.#server = new WebSocketServer(options);
    this.#server.on('wsClientError', (_, peer) => refuseSocket(peer, new FlotillaError('bad_request', NO_HANDSHAKE)));
  }

  /** Calls `opened` in this turn, unless the peer is gone or the request is none: then `vanished`. */
  open(
    { request, socket, head }: Upgrade,
    opened: (ws: WebSocket, socket: Duplex) => void,
    vanished: () => void,
  ): void {
    const outcome = { isOpen: false };
    this.#server.handleUpgrade(request, socket, head, (ws) => {
      outcome.isOpen = true;
      opened(ws, socket);
    });
    if (!outcome.isOpen) vanished();
  }

  /** Opens it, says why it is not served, and closes it. */
  refuse(upgrade: Upgrade, protocol: WebSocketProtocol, error: FlotillaError): void {
    const { code, reason } = endingOf(error);
    this.open(
      upgrade,
      (ws) => {
        ws.on('error', ignore);
        if (protocol === 'v1') {
          const { reason: text, retryAfterMs } = reason;
          const bye = { type: 'bye', code, reason: text, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
          upgrade.socket.write(textFrame(JSON.stringify(bye)));
        }
        ws.close(code, formatCloseReason(reason));
        const cut = setTimeout(() => ws.terminate(), REFUSED_CLOSE_MS);
        ws.once('close', () => clearTimeout(cut));
      },
      ignore,
    );
  }
}

function ignore(): void {
  // The peer is gone, or said something unreadable: there is nobody to tell.
}
