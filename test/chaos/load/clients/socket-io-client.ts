import { withToken } from '@flotilla-im/protocol';
import { io, NodeWebSocket, NodeXHR, type Socket } from 'socket.io-client';
import type { WebSocket } from 'ws';
import { shardOf } from '../../../cluster/load/clients/listener.ts';
import { monotonicMs } from '../../journal/writer.ts';
import type { ServedConnection } from './client-log.ts';
import { HeldPolls } from './held-polls.ts';
import type { HeldSockets } from './held-sockets.ts';
import { type ClientParts, LoadClient } from './load-client.ts';
import { Redial } from './redial.ts';

/** Engine.IO shows no close code. */
const NO_CODE = 0;
/** A dial may find nobody who refuses it. */
const DIAL_MS = 5_000;
/** The shard says that the client must not come again. */
const END_REASON = 'io server disconnect';

interface Standing {
  readonly recovered: boolean;
}

/** An unmodified Socket.IO client that asks for a new address when its connection ends. It keeps no positions. */
export class SocketIoClient extends LoadClient {
  readonly #transports: (typeof NodeWebSocket | typeof NodeXHR)[];
  readonly #polls = new HeldPolls();
  #redial: Redial | null = null;
  #socket: Socket | null = null;
  #served: ServedConnection | null = null;

  /** @param polls it begins with long polling and upgrades */
  constructor(clientId: string, polls: boolean, parts: ClientParts) {
    super(clientId, 'socketIo', parts);
    const watched = watchedTransport(this.sockets);
    this.#transports = polls ? [NodeXHR, watched] : [watched];
  }

  get isConnected(): boolean {
    return this.#served !== null;
  }

  protected begin(): void {
    this.#redial = new Redial((redial) => this.#open(redial));
  }

  protected sayGoodbye(): void {
    this.#redial?.end();
    this.#socket?.close();
  }

  override cut(): void {
    this.#redial?.hurry();
    // Whose WebSocket alone ends while he changes to it polls no more, and hears nothing until his ping time is over.
    this.#polls.cut();
    super.cut();
  }

  async #open(redial: Redial): Promise<void> {
    const { url, token, socketIo } = await this.parts.address(this.clientId);
    if (redial.isEnded) return;
    const dialledMs = monotonicMs();
    // Polls cannot be held up: who reads nothing comes by WebSocket alone.
    const transports = this.sockets.isStalled ? this.#transports.slice(-1) : this.#transports;
    const transportOptions = { polling: { agent: this.#polls } };
    const options = { path: socketIo.path, auth: { token }, transports, transportOptions };
    const socket = io(socketIo.url, { ...options, reconnection: false, forceNew: true, timeout: DIAL_MS });
    this.#socket = socket;
    let served: ServedConnection | null = null;
    let retryAfterMs = 0;
    socket.on('message', (data: unknown) => this.log.arrived(monotonicMs(), served?.number ?? 0, data));
    socket.on('welcome', (welcome: { inbox: Standing; channels: Record<string, Standing> }) => {
      redial.served();
      served = this.log.served(shardOf(socketIo.path), dialledMs);
      this.#served = served;
      this.parts.used.add(withToken(url, token));
      this.#welcomed(welcome);
    });
    socket.on('gap', ({ channel }: { channel?: string }) => this.log.gap(channel));
    socket.on('bye', (bye: { retryAfterMs?: number }) => (retryAfterMs = bye.retryAfterMs ?? 0));
    socket.on('connect_error', (error: Error & { data?: { retryAfterMs?: number } }) => {
      socket.close();
      redial.again(error.data?.retryAfterMs ?? 0);
    });
    socket.on('disconnect', (reason) => {
      if (served) this.log.closed(served, NO_CODE);
      if (served === this.#served) this.#served = null;
      socket.close();
      if (reason !== END_REASON) redial.again(retryAfterMs);
    });
  }

  /** What is lost already is told here. */
  #welcomed({ inbox, channels }: { inbox: Standing; channels: Record<string, Standing> }): void {
    if (!inbox.recovered) this.log.gap(null);
    for (const [channel, { recovered }] of Object.entries(channels)) if (!recovered) this.log.gap(channel);
  }
}

/** Socket.IO's own WebSocket, whose socket can be held up or cut. */
function watchedTransport(sockets: HeldSockets): typeof NodeWebSocket {
  return class extends NodeWebSocket {
    override createSocket(...args: Parameters<NodeWebSocket['createSocket']>): WebSocket {
      const socket = super.createSocket(...args) as WebSocket;
      sockets.hold(socket);
      return socket;
    }
  };
}
