import { type ServerOptions, Server as EngineServer } from 'engine.io';
import { Server, type ServerOptions as SocketIoServerOptions } from 'socket.io';
import { type ServerOptions as WebSocketOptions, WebSocketServer } from 'ws';
import type { OriginCheck } from '../limits/allowed-origin.ts';

/** What Socket.IO and the engine below it are set to. */
export interface EngineOptions {
  readonly isAllowedOrigin: OriginCheck;
  /** Most bytes of one packet; more closes the connection. */
  readonly frameBytes: number;
  /** Milliseconds between two pings. */
  readonly heartbeatMs: number;
  /** Milliseconds without a sign of life after which a connection is given up. */
  readonly heartbeatTimeoutMs: number;
  /** Milliseconds until a connection must have said CONNECT. */
  readonly helloTimeoutMs: number;
  /** Carries rooms, broadcasts and serverSideEmit between pods; in memory when missing. */
  readonly adapter?: SocketIoServerOptions['adapter'];
}

/** Socket.IO on an engine that is given its requests instead of listening for them. */
export interface Engine {
  readonly io: Server;
  readonly engine: EngineServer;
}

/** How long a peer may take to answer a close frame, or to read what stands before it. */
const CLOSE_MS = 5_000;

/** The `ws` that this pod depends on. The engine's own may be older, and keep the pongs of a peer that reads none without bound. */
class EngineWebSockets extends WebSocketServer {
  constructor(options: WebSocketOptions) {
    // `closeTimeout` is an option that the types of `ws` do not know yet.
    const bounded = { ...options, closeTimeout: CLOSE_MS };
    super(bounded);
  }
}

/** Makes both. Clients of Socket.IO 3 and 4 (Engine.IO 4) are served. */
export function createEngine(options: EngineOptions): Engine {
  const engineOptions: ServerOptions = {
    transports: ['polling', 'websocket'],
    pingInterval: options.heartbeatMs,
    pingTimeout: options.heartbeatTimeoutMs - options.heartbeatMs,
    maxHttpBufferSize: options.frameBytes,
    perMessageDeflate: false,
    wsEngine: EngineWebSockets,
    // Compressed answers would end later than they are written, and what waits could not be told from what was sent.
    httpCompression: false,
    cors: {
      origin: (origin, allow) => allow(null, options.isAllowedOrigin(origin) && (origin ?? false)),
      methods: ['GET', 'POST'],
      maxAge: 600,
    },
  };
  const engine = new EngineServer(engineOptions);
  const io = new Server({
    serveClient: false,
    connectTimeout: options.helloTimeoutMs,
    ...(options.adapter === undefined ? {} : { adapter: options.adapter }),
  });
  io.bind(engine);
  return { io, engine };
}
