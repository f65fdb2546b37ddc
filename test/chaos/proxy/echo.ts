import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

/** A place at the far end of a link, for tests: says everything back. */
export interface Echo {
  readonly port: number;
  /** How many connections it has taken. */
  taken(): number;
  /** Bytes that have reached it. */
  reached(): number;
  /** Says nothing of its own accord but this, on every open connection. */
  say(bytes: Buffer): void;
  /** Reads nothing any more, until it is told to again. */
  setReading(isReading: boolean): void;
  close(): void;
}

/** @param isSilent - whether it says nothing back */
export async function startEcho(isSilent = false): Promise<Echo> {
  const open = new Set<Socket>();
  let taken = 0;
  let reached = 0;
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    taken += 1;
    open.add(socket);
    socket.on('error', () => {}).on('close', () => open.delete(socket));
    socket.on('data', (chunk: Buffer) => {
      reached += chunk.length;
      if (!isSilent) socket.write(chunk);
    });
    socket.on('end', () => socket.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    taken: () => taken,
    reached: () => reached,
    say: (bytes) => {
      for (const socket of open) socket.write(bytes);
    },
    setReading: (isReading) => {
      for (const socket of open) {
        if (isReading) socket.resume();
        else socket.pause();
      }
    },
    close() {
      server.close();
      for (const socket of open) socket.destroy();
    },
  };
}

/** A connection to a port, and what came back over it. */
export interface Talk {
  readonly socket: Socket;
  readonly heard: () => Buffer;
  /** The code of its error, `end` for an orderly end; null while it is open. */
  readonly ended: () => string | null;
}

/** Resolves once it is connected, or has failed to be. */
export async function talkTo(port: number): Promise<Talk> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const chunks: Buffer[] = [];
  let ended: string | null = null;
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.on('error', (error: NodeJS.ErrnoException) => (ended = error.code ?? error.message));
  socket.on('close', () => (ended ??= 'end'));
  await new Promise((resolve) => socket.once('connect', resolve).once('close', resolve));
  return { socket, heard: () => Buffer.concat(chunks), ended: () => ended };
}
