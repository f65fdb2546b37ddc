import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type ClientFrame,
  encodeServerFrame,
  type MessageFrame,
  parseClientFrame,
  parsePosition,
  type ServerFrame,
  SUBPROTOCOL,
} from '@flotilla-im/protocol';
import { type WebSocket, WebSocketServer } from 'ws';
import { bundleClient } from '../../sdk/client/scripts/bundle-client.ts';

const GENERATION = 'aaaaaaaaaaaa';

/** A connection that the shard serves. */
export class ServedConnection {
  readonly token: string;
  /** What the client said. */
  readonly heard: ClientFrame[] = [];
  /** The close code that came from the client. */
  closed: number | null = null;
  readonly #socket: WebSocket;

  constructor(socket: WebSocket, token: string) {
    this.#socket = socket;
    this.token = token;
  }

  say(frame: ServerFrame): void {
    this.#socket.send(encodeServerFrame(frame));
  }

  /** Says a goodbye and closes. */
  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  /** The network is gone. */
  cut(): void {
    this.#socket.terminate();
  }
}

/** As much of a shard as a client can see: one inbox, served to every connection from the position it brings. */
export class ClientShard {
  readonly connections: ServedConnection[] = [];
  readonly messages: MessageFrame[] = [];
  /** Answers to requests, by type; the default is yes. */
  tokens = 0;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    const sockets = new WebSocketServer({
      server,
      path: '/s/0/ws',
      handleProtocols: (all) => all.has(SUBPROTOCOL) && SUBPROTOCOL,
    });
    sockets.on('connection', (socket, request) => {
      const token = new URL(request.url ?? '', 'ws://x').searchParams.get('token') ?? '';
      this.#serve(socket, new ServedConnection(socket, token));
    });
  }

  /** Listens on a free port of loopback; `/` is an empty page, `/client.js` the client, `/address` an address. */
  static async start(): Promise<ClientShard> {
    const bundle = await bundleClient();
    const shard: { made?: ClientShard } = {};
    const server = createServer((request, response) => {
      const [type, body] = answerTo(request.url ?? '', bundle, shard.made);
      response.writeHead(200, { 'content-type': type }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    shard.made = new ClientShard(server);
    return shard.made;
  }

  get origin(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  get newest(): ServedConnection {
    const connection = this.connections.at(-1);
    if (!connection) throw new Error('nobody has connected yet');
    return connection;
  }

  /** A fresh address. */
  address(): { url: string; token: string } {
    this.tokens += 1;
    return { url: `ws://${this.origin}/s/0/ws`, token: `t${this.tokens}` };
  }

  /** A durable message: to every connection that is open, and to those that come. */
  send(data: unknown): void {
    const offset = this.messages.length + 1;
    const frame: MessageFrame = {
      type: 'message',
      position: `${GENERATION}.${offset}`,
      id: `m${offset}`,
      from: 'bob',
      at: 1,
      data,
    };
    this.messages.push(frame);
    for (const connection of this.connections) if (connection.closed === null) connection.say(frame);
  }

  async close(): Promise<void> {
    for (const connection of this.connections) connection.cut();
    await new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
  }

  #serve(socket: WebSocket, connection: ServedConnection): void {
    socket.on('message', (data) => {
      const frame = parseClientFrame((data as Buffer).toString());
      connection.heard.push(frame);
      if (frame.type === 'resume') this.#welcome(connection, frame.inbox ?? '0.0');
      else if (frame.type === 'ping') connection.say({ type: 'pong' });
      else if (frame.type !== 'ack')
        connection.say({ type: 'reply', re: frame.id, ok: true, messageId: `for-${frame.id}` });
    });
    socket.on('close', (code) => {
      connection.closed = code;
    });
  }

  #welcome(connection: ServedConnection, position: string): void {
    this.connections.push(connection);
    connection.say({
      type: 'welcome',
      clientId: 'alice',
      connection: connection.token,
      shard: 0,
      epoch: 1,
      inbox: { position, recovered: true },
      channels: {},
      heartbeatMs: 200,
      heartbeatTimeoutMs: 10_000,
    });
    for (const message of this.messages.slice(parsePosition(position)?.offset ?? 0)) connection.say(message);
  }
}

function answerTo(path: string, bundle: string, shard: ClientShard | undefined): [type: string, body: string] {
  if (path === '/client.js') return ['text/javascript', bundle];
  if (path === '/address') return ['application/json', JSON.stringify(shard?.address())];
  if (path === '/worker.js') return ['text/javascript', WORKER];
  return ['text/html', '<!doctype html><title>client</title>'];
}

/** A worker that connects by itself and posts the data of each message. */
const WORKER = `
import { connect } from '/client.js';
const connection = connect({ address: () => fetch('/address').then((r) => r.json()) });
connection.on('message', ({ data }) => postMessage(data));
`;
