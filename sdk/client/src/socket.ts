import { SUBPROTOCOL, withToken } from '@flotilla-im/protocol';
import type { Address, WebSocketClass, WebSocketLike } from './options.ts';

/** What a socket tells. Nothing is told before `openSocket` has returned, and nothing after `closed`. */
export interface SocketHandlers {
  readonly opened: () => void;
  readonly received: (data: unknown) => void;
  readonly closed: (code: number, reason: string) => void;
}

/** One WebSocket on the `flotilla.v1` subprotocol. */
export interface Socket {
  /** Does nothing unless the socket is open. */
  send(text: string): void;
  /** Closes it, open or not yet. */
  close(code: number, reason: string): void;
}

/** Opens a WebSocket. An address that the platform refuses ends as `closed` with 1006, as one that leads nowhere does. */
export function openSocket(WebSocket: WebSocketClass, { url, token }: Address, handlers: SocketHandlers): Socket {
  let socket: WebSocketLike;
  try {
    socket = new WebSocket(withToken(url, token), [SUBPROTOCOL]);
  } catch {
    queueMicrotask(() => handlers.closed(1006, 'bad_address'));
    return { send: () => undefined, close: () => undefined };
  }
  let isOpen = false;
  socket.addEventListener('open', () => {
    isOpen = true;
    handlers.opened();
  });
  socket.addEventListener('message', ({ data }) => handlers.received(data));
  // A `close` event follows every `error`, and says more; but without a listener some platforms end the process.
  socket.addEventListener('error', () => undefined);
  socket.addEventListener('close', ({ code, reason }) => {
    isOpen = false;
    handlers.closed(code, reason);
  });
  return {
    send: (text) => {
      if (isOpen) socket.send(text);
    },
    close: (code, reason) => socket.close(code, reason),
  };
}
