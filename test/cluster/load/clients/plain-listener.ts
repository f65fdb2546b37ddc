import { parseCloseReason, withToken } from '@flotilla-im/protocol';
import type { LookupFunction } from 'node:net';
import { WebSocket } from 'ws';
import type { ServedConnection } from '../journal.ts';
import { type Listener, type ListenerParts, shardOf } from './listener.ts';

/** As PROTOCOL.md tells clients of no library, but sooner: at random within this time. */
const AGAIN_WITHIN_MS = 500;
/** A dial to a pod that has just gone may find nobody who refuses it. */
const DIAL_MS = 5_000;
/** A connection that is refused is closed at once; one that lives this long is served. */
const SERVED_AFTER_MS = 250;

/** A client that only knows WebSockets: opens one, reads what comes, asks for a new address when it ends. */
export function startPlainListener(clientId: string, parts: ListenerParts, look: LookupFunction): Listener {
  let socket: WebSocket | undefined;
  let isEnded = false;
  let isConnected = false;

  const open = async (): Promise<void> => {
    const { url, token } = await parts.address(clientId);
    if (isEnded) return;
    const own = new WebSocket(withToken(url, token), {
      perMessageDeflate: false,
      handshakeTimeout: DIAL_MS,
      lookup: look,
    });
    socket = own;
    const dialledMs = performance.now();
    let openedMs = 0;
    let served: ServedConnection | undefined;
    const serve = (): void => {
      if (served || own.readyState !== WebSocket.OPEN) return;
      served = { clientId, kind: 'plain', shard: shardOf(url), dialledMs, openedMs };
      isConnected = true;
      parts.events.served(served);
    };
    own.on('open', () => {
      openedMs = performance.now();
      setTimeout(serve, SERVED_AFTER_MS).unref();
    });
    own.on('message', (data) => {
      serve();
      parts.events.message(clientId, JSON.parse((data as Buffer).toString()));
    });
    own.on('error', () => undefined);
    own.on('close', (code, reason) => {
      isConnected = false;
      if (served) parts.events.closed(served, code);
      again(parseCloseReason(reason.toString()).retryAfterMs ?? 0);
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
      return isConnected;
    },
    close() {
      isEnded = true;
      socket?.close();
    },
  };
}
