import { io, type Socket } from 'socket.io-client';
import type { ServedConnection } from '../journal.ts';
import { type Listener, type ListenerParts, shardOf } from './listener.ts';

const AGAIN_WITHIN_MS = 500;
/** Told to the journal: Engine.IO shows no close code. */
const NO_CODE = 0;

/** An unmodified Socket.IO client that asks for a new address when its connection ends. */
export function startSocketIoListener(clientId: string, parts: ListenerParts): Listener {
  let socket: Socket | undefined;
  let isEnded = false;

  const open = async (): Promise<void> => {
    const { socketIo, token } = await parts.address(clientId);
    if (isEnded) return;
    const options = { path: socketIo.path, auth: { token }, transports: ['websocket'] };
    const own = io(socketIo.url, { ...options, reconnection: false, forceNew: true });
    socket = own;
    let retryAfterMs = 0;
    const dialledMs = performance.now();
    let served: ServedConnection | undefined;
    own.on('welcome', () => {
      const shard = shardOf(socketIo.path);
      served = { clientId, kind: 'socketIo', shard, dialledMs, openedMs: performance.now() };
      parts.events.served(served);
    });
    own.on('message', (data: unknown) => parts.events.message(clientId, data));
    own.on('gap', () => parts.events.gap(clientId));
    own.on('bye', (bye: { readonly retryAfterMs?: number }) => (retryAfterMs = bye.retryAfterMs ?? 0));
    own.on('connect_error', (error: Error & { readonly data?: { readonly retryAfterMs?: number } }) => {
      own.close();
      again(error.data?.retryAfterMs ?? 0);
    });
    own.on('disconnect', () => {
      if (served) parts.events.closed(served, NO_CODE);
      own.close();
      again(retryAfterMs);
    });
  };

  const again = (waitMs: number): void => {
    if (isEnded) return;
    setTimeout(begin, waitMs + Math.random() * AGAIN_WITHIN_MS).unref();
  };
  const begin = (): void => void open().catch(() => again(0));

  begin();
  return {
    get isConnected() {
      return socket?.connected === true;
    },
    close() {
      isEnded = true;
      socket?.close();
    },
  };
}
