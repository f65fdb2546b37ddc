import { parseCloseReason, withToken } from '@flotilla-im/protocol';
import { WebSocket } from 'ws';
import { shardOf } from '../../../cluster/load/clients/listener.ts';
import { monotonicMs } from '../../journal/writer.ts';
import type { ServedConnection } from './client-log.ts';
import { type ClientParts, LoadClient } from './load-client.ts';
import { Redial } from './redial.ts';

/** A dial may find nobody who refuses it. */
const DIAL_MS = 5_000;
/** A shard welcomes without a word: whoever is not refused for so long is taken as connected. */
const CONNECTED_AFTER_MS = 250;
/** From here on a close code means: do not come again. */
const END_CODES = 4_500;

/** A client that only knows WebSockets: opens one, reads what comes, asks for a new address when it ends. */
export class PlainClient extends LoadClient {
  #redial: Redial | null = null;
  /** The one that is taken as served. */
  #current: WebSocket | null = null;
  /** Writes down that it is served. */
  #serve: (() => void) | null = null;

  constructor(clientId: string, parts: ClientParts) {
    super(clientId, 'plain', parts);
  }

  get isConnected(): boolean {
    return this.#current !== null;
  }

  protected begin(): void {
    this.#redial = new Redial((redial) => this.#open(redial));
  }

  protected sayGoodbye(): void {
    // Nothing came to prove it, but no shard takes so long to refuse somebody.
    if (this.isConnected) this.#serve?.();
    this.#redial?.end();
    this.sockets.close();
  }

  override cut(): void {
    this.#redial?.hurry();
    super.cut();
  }

  async #open(redial: Redial): Promise<void> {
    const { url, token } = await this.parts.address(this.clientId);
    if (redial.isEnded) return;
    const dialledMs = monotonicMs();
    const address = withToken(url, token);
    const socket = new WebSocket(address, { perMessageDeflate: false, handshakeTimeout: DIAL_MS });
    this.sockets.hold(socket);
    const connected = (): void => {
      if (socket.readyState !== WebSocket.OPEN) return;
      redial.served();
      this.#current = socket;
      this.#serve = serve;
    };
    // Only a message or a heartbeat proves it: a shard that waits for Redis may refuse after seconds.
    let served: ServedConnection | null = null;
    const serve = (): ServedConnection => {
      if (served) return served;
      connected();
      this.parts.used.add(address);
      served = this.log.served(shardOf(url), dialledMs);
      return served;
    };
    socket.once('open', () => setTimeout(connected, CONNECTED_AFTER_MS));
    socket.once('ping', serve);
    socket.on('message', (data) => {
      const nowMs = monotonicMs();
      this.log.arrived(nowMs, serve().number, JSON.parse((data as Buffer).toString()));
    });
    // Its close says it.
    socket.on('error', () => undefined);
    socket.once('close', (code, reason) => {
      if (served) this.log.closed(served, code);
      if (this.#current === socket) this.#current = null;
      if (code < END_CODES) redial.again(parseCloseReason(reason.toString()).retryAfterMs ?? 0);
    });
  }
}
