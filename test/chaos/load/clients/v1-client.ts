import { connect, type Connection, type SavedPositions, type WebSocketClass } from '@flotilla-im/client';
import { type RawData, WebSocket } from 'ws';
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

  /**
   * The `ws` of npm, which tells when a shard serves it and when that ends. Made by a function: with a class for each client the
   * code of `ws` would meet thousands of them, and run several times slower.
   */
  #watchedWebSocket(): WebSocketClass {
    const watched = (url: string, protocols: string[]): WebSocket => this.#watch(url, protocols);
    return function (url: string, protocols: string[]) {
      return watched(url, protocols);
    } as unknown as WebSocketClass;
  }

  #watch(url: string, protocols: string[]): WebSocket {
    const socket = new WebSocket(url, protocols, { perMessageDeflate: false });
    this.sockets.hold(socket);
    const dialledMs = monotonicMs();
    const onFirst = (data: RawData): void => {
      if ((data as Buffer).toString('latin1', 0, WELCOME.length) !== WELCOME) return;
      socket.off('message', onFirst);
      // Of a move that a newer one replaced: the client has closed it, and nothing of it is heard any more.
      if (socket.readyState !== WebSocket.OPEN) return;
      const served = this.log.served(shardOf(url), dialledMs);
      this.parts.used.add(url);
      socket.once('close', (code) => this.log.closed(served, code));
    };
    socket.on('message', onFirst);
    return socket;
  }
}
