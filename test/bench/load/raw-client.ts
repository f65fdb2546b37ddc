import { connect, type Socket } from 'node:net';
import { ackInterval } from '@flotilla-im/protocol';
import type { Dialect } from './dialect.ts';
import { clientFrame, FrameReader, type OnText } from './frame-reader.ts';

/** One bare client: as little work as a protocol allows, so that the load does not become what is measured. */
export interface RawClient {
  readonly socket: Socket;
  /** Acknowledges the last message as PROTOCOL.md says: at once, in a stream ever more seldom. Returns whether nothing is left to do. */
  acknowledge(nowMs: number): boolean;
}

/**
 * Opens a WebSocket, gives each message to `onMessage` and resolves once the server is ready to send messages.
 *
 * @throws Error when the handshake is refused or the socket closes before
 */
export function openRawClient(url: string, dialect: Dialect, onMessage: OnText): Promise<RawClient> {
  const { hostname, port, pathname, search } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    let last: Buffer | null = null;
    let acknowledgedMs = Number.NEGATIVE_INFINITY;
    let intervalMs = 0;
    let lastStart = 0;
    let lastEnd = 0;
    const client: RawClient = {
      socket,
      acknowledge(nowMs) {
        if (nowMs < acknowledgedMs + intervalMs) return false;
        const frame = last === null ? null : dialect.acknowledgement(last.subarray(lastStart, lastEnd));
        last = null;
        intervalMs = ackInterval(intervalMs, nowMs - acknowledgedMs, Math.random());
        acknowledgedMs = nowMs;
        if (frame !== null) socket.write(frame);
        return true;
      },
    };
    const reader = new FrameReader((bytes, start, end) => {
      if (dialect.isMessage(bytes, start)) {
        last = bytes;
        lastStart = start;
        lastEnd = end;
        onMessage(bytes, start, end);
        return;
      }
      const { answer, ready } = dialect.control(bytes.subarray(start, end));
      if (answer !== undefined) socket.write(clientFrame(answer));
      if (ready) resolve(client);
    });
    socket.once('connect', () => socket.write(handshake(hostname, port, pathname + search, dialect.subprotocol)));
    socket.on('error', reject);
    socket.once('close', () => {
      reject(new Error('closed before it was ready'));
    });
    afterHandshake(socket, reject, (rest) => {
      if (dialect.hello !== null) socket.write(clientFrame(dialect.hello));
      socket.on('data', (chunk: Buffer) => {
        reader.read(chunk);
      });
      reader.read(rest);
    });
  });
}

function handshake(host: string, port: string, path: string, subprotocol: string | null): string {
  const lines = [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
    ...(subprotocol === null ? [] : [`Sec-WebSocket-Protocol: ${subprotocol}`]),
  ];
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function afterHandshake(socket: Socket, fail: (error: Error) => void, next: (rest: Buffer) => void): void {
  let head = Buffer.alloc(0);
  const read = (chunk: Buffer): void => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf('\r\n\r\n');
    if (end < 0) return;
    socket.off('data', read);
    const status = head.toString('latin1', 9, 12);
    if (status !== '101') fail(new Error(`the handshake was answered with ${status}`));
    else next(head.subarray(end + 4));
  };
  socket.on('data', read);
}
