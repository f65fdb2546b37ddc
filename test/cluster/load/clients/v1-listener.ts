import { connect, type WebSocketClass } from '@flotilla-im/client';
import type { LookupFunction } from 'node:net';
import { WebSocket } from 'ws';
import type { ServedConnection } from '../journal.ts';
import { type Listener, type ListenerEvents, type ListenerParts, shardOf } from './listener.ts';

/** A client as a page or a device has it: `@flotilla-im/client`, watched from the outside. */
export function startV1Listener(clientId: string, parts: ListenerParts, look: LookupFunction): Listener {
  const { events } = parts;
  const connection = connect({
    address: () => parts.address(clientId),
    WebSocket: watchedWebSocket(clientId, events, look),
  });
  connection.on('message', ({ data }) => events.message(clientId, data));
  connection.on('gap', () => events.gap(clientId));
  return {
    get isConnected() {
      return connection.state.type === 'connected';
    },
    close: () => void connection.close(),
  };
}

const WELCOME = '{"type":"welcome"';

/** The `ws` of npm, which tells when a shard serves it and when that ends. */
function watchedWebSocket(clientId: string, events: ListenerEvents, look: LookupFunction): WebSocketClass {
  return class extends WebSocket {
    constructor(url: string, protocols: string[]) {
      super(url, protocols, { perMessageDeflate: false, lookup: look });
      const dialledMs = performance.now();
      let openedMs = 0;
      let served: ServedConnection | undefined;
      this.addEventListener('open', () => (openedMs = performance.now()), { once: true });
      const onFirst = (event: { readonly data: unknown }): void => {
        if (typeof event.data !== 'string' || !event.data.startsWith(WELCOME)) return;
        this.removeEventListener('message', onFirst);
        served = { clientId, kind: 'v1', shard: shardOf(url), dialledMs, openedMs };
        events.served(served);
      };
      this.addEventListener('message', onFirst);
      this.addEventListener('close', ({ code }) => {
        if (served) events.closed(served, code);
      });
    }
  };
}
