import { connect, type Connection, type SavedPositions, type WebSocketClass } from '@flotilla-im/client';
import { WebSocket } from 'ws';
import { shardOf } from '../../../cluster/load/clients/listener.ts';
import { monotonicMs } from '../../journal/writer.ts';
import { type ClientParts, LoadClient } from './load-client.ts';

const WELCOME = '{"type":"welcome"';
/** The library shows the application no connections. */
const HIDDEN = 0;

/** A client as a page or a device has it: `@flotilla-im/client`, its sockets watched from the outside. The library comes back by itself. */
export class V1Client extends LoadClient {
  #connection: Connection | null = null;
  /** What it had got when it left: an application that comes back brings it. */
  #positions: SavedPositions = {};

  constructor(clientId: string, parts: ClientParts) {
    super(clientId, 'v1', parts);
  }

  get isConnected(): boolean {
    return this.#connection?.state.type === 'connected';
  }

  protected begin(): void {
    const connection = connect({
      address: ({ signal }) => this.parts.address(this.clientId, signal),
      WebSocket: this.#watchedWebSocket(),
      resume: this.#positions,
    });
    connection.on('message', ({ data }) => this.log.arrived(monotonicMs(), HIDDEN, data));
    connection.on('gap', ({ channel }) => this.log.gap(channel));
    this.#connection = connection;
  }

  protected async sayGoodbye(): Promise<void> {
    await this.#connection?.close();
    this.#positions = this.#connection?.positions ?? {};
    this.#connection = null;
  }

  /** The `ws` of npm, which tells when a shard serves it and when that ends. */
  #watchedWebSocket(): WebSocketClass {
    const [log, sockets, parts] = [this.log, this.sockets, this.parts];
    return class extends WebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols, { perMessageDeflate: false });
        sockets.hold(this);
        const dialledMs = monotonicMs();
        const onFirst = (event: { readonly data: unknown }): void => {
          if (typeof event.data !== 'string' || !event.data.startsWith(WELCOME)) return;
          this.removeEventListener('message', onFirst);
          const served = log.served(shardOf(url), dialledMs);
          parts.used.add(url);
          this.once('close', (code) => log.closed(served, code));
        };
        this.addEventListener('message', onFirst);
      }
    };
  }
}
