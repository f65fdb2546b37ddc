import { connect, type Socket } from 'node:net';
import { type Frame, readFrames } from './raw-frames.ts';
import { clientFrame } from './raw-frames.ts';

/** What is written first on a connection; nothing where a field is missing. */
export interface RawRequest {
  readonly path?: string;
  /** Beside those of a handshake; an empty text takes one of them away. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Do not wait for the answer. */
  readonly isHasty?: boolean;
}

/** A TCP connection, what came back on it, and when it ended. */
export interface RawPeer {
  readonly socket: Socket;
  /** Status of the HTTP answer; 0 as long as there is none. */
  readonly status: number;
  /** The HTTP answer's header and body, or only the header of a handshake that was taken. */
  readonly answer: string;
  readonly frames: readonly Frame[];
  /** Texts of whole messages, in their order. */
  readonly texts: readonly string[];
  /** Of the close frame; null without one. */
  readonly close: { readonly code: number; readonly reason: string } | null;
  readonly isOver: boolean;
  /** Whether pings are answered. */
  autoPong: boolean;
  readonly write: (bytes: Buffer | string) => void;
  readonly text: (text: string) => void;
  readonly until: (isSo: () => boolean, timeoutMs?: number) => Promise<void>;
  /** Resolves once the connection is over. */
  readonly ended: (timeoutMs?: number) => Promise<void>;
}

const HANDSHAKE: Readonly<Record<string, string>> = {
  Host: 'x',
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Version': '13',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

/** The bytes of a handshake, or of a request that is nearly one. */
export function handshake({ path = '/ws', headers = {} }: RawRequest): string {
  const all = Object.entries({ ...HANDSHAKE, ...headers }).filter(([, value]) => value !== '');
  return `GET ${path} HTTP/1.1\r\n${all.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`;
}

/** Connects, and says what it is told to; resolves with the answer. */
export async function openRaw(port: number, request?: RawRequest): Promise<RawPeer> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true });
  const peer = listen(socket);
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => undefined);
  if (request === undefined) return peer;
  socket.write(handshake(request));
  if (request.isHasty !== true) await peer.until(() => peer.status !== 0 || peer.isOver);
  return peer;
}

function listen(socket: Socket): RawPeer {
  const state = { answer: '', status: 0, isOver: false, autoPong: true, isUpgraded: false };
  const reading: { rest: Buffer } = { rest: Buffer.alloc(0) };
  const frames: Frame[] = [];
  socket.on('data', (chunk: Buffer) => {
    if (!state.isUpgraded) {
      const [head, rest] = splitAnswer(state.answer, chunk);
      state.answer = head;
      state.status = Number(/^HTTP\/1\.1 (\d{3}) [^]*?\r\n\r\n/u.exec(head)?.[1] ?? 0);
      state.isUpgraded = state.status === 101;
      if (!state.isUpgraded) return;
      reading.rest = rest;
    } else {
      reading.rest = Buffer.concat([reading.rest, chunk]);
    }
    const read = readFrames(reading.rest);
    reading.rest = read.rest;
    for (const frame of read.frames) {
      frames.push(frame);
      if (frame.opcode === 9 && state.autoPong && !socket.writableEnded) socket.write(clientFrame(0x8a, frame.payload));
    }
  });
  socket.on('end', () => (state.isOver = true));
  socket.on('close', () => (state.isOver = true));
  return peerOf(socket, state, frames);
}

/** Header (or all of an answer that is no handshake) and what follows a handshake's header. */
function splitAnswer(before: string, chunk: Buffer): [string, Buffer] {
  const all = before + chunk.toString('latin1');
  const end = all.indexOf('\r\n\r\n');
  if (end < 0 || !all.startsWith('HTTP/1.1 101')) return [all, Buffer.alloc(0)];
  return [all.slice(0, end + 4), Buffer.from(all.slice(end + 4), 'latin1')];
}

const NEWS = ['data', 'end', 'close'] as const;

/** Looks when something has come, and not all the time: thousands may wait at once. Rejects when it is not so in time. */
function whenSo(socket: Socket, isSo: () => boolean, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      clearTimeout(timer);
      for (const news of NEWS) socket.off(news, look);
      settle();
    };
    const look = (): void => {
      if (isSo()) end(resolve);
    };
    const timer = setTimeout(() => end(isSo() ? resolve : reject), timeoutMs);
    for (const news of NEWS) socket.on(news, look);
    look();
  });
}

function peerOf(
  socket: Socket,
  state: { readonly answer: string; readonly status: number; readonly isOver: boolean; autoPong: boolean },
  frames: readonly Frame[],
): RawPeer {
  const until = (isSo: () => boolean, timeoutMs = 20_000): Promise<void> =>
    whenSo(socket, isSo, timeoutMs).catch(() => {
      throw new Error(`it did not come: ${state.answer.slice(0, 200)} ${JSON.stringify(frames.at(-1) ?? null)}`);
    });
  return {
    socket,
    frames,
    get status() {
      return state.status;
    },
    get answer() {
      return state.answer;
    },
    get isOver() {
      return state.isOver;
    },
    get texts() {
      return frames.filter(({ opcode }) => opcode === 1).map(({ payload }) => payload.toString());
    },
    get close() {
      const payload = frames.find(({ opcode }) => opcode === 8)?.payload;
      if (payload === undefined) return null;
      return payload.length < 2
        ? { code: 1005, reason: '' }
        : { code: payload.readUInt16BE(0), reason: payload.subarray(2).toString() };
    },
    get autoPong() {
      return state.autoPong;
    },
    set autoPong(answers: boolean) {
      state.autoPong = answers;
    },
    write: (bytes) => void socket.write(bytes),
    text: (text) => void socket.write(clientFrame(0x81, Buffer.from(text))),
    until,
    ended: (timeoutMs) => until(() => state.isOver, timeoutMs),
  };
}
