import { withToken } from '@flotilla-im/protocol';
import { WebSocket } from 'ws';
import { eventually } from '../support/eventually.ts';

/** A page with nothing but a WebSocket: it asks for an address, and when that closes for another, as PROTOCOL.md has it. */
export interface BarePage {
  /** What it heard, in order, over all its connections. */
  readonly texts: string[];
  /** The same as JSON. */
  readonly frames: () => Record<string, unknown>[];
  /** Says something; waits for a connection where there is none. */
  readonly say: (text: string) => Promise<void>;
  /** Close codes of its connections so far. */
  readonly closes: number[];
  /** Loses its connection as with the network, and does not come back. */
  readonly vanish: () => void;
  /** Says goodbye. */
  readonly leave: () => Promise<void>;
}

/** Where a page gets an address from. */
export type AddressSource = () => Promise<{ readonly url: string; readonly token: string }>;

const RETRY_MS = 50;

/** Opens one; resolves when it is connected. */
export async function openPage(address: AddressSource): Promise<BarePage> {
  const texts: string[] = [];
  const closes: number[] = [];
  let isAtEnd = false;
  let ws = await connected();

  async function connected(): Promise<WebSocket> {
    while (!isAtEnd) {
      const socket = await opened(address, listen).catch(() => null);
      if (socket !== null) return socket;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
    throw new Error('the page has been closed');
  }
  function listen(socket: WebSocket): void {
    socket.on('message', (data: Buffer) => texts.push(data.toString()));
    socket.on('error', () => undefined);
    socket.once('open', () => socket.once('close', comeAgain));
  }
  function comeAgain(code: number): void {
    closes.push(code);
    if (isAtEnd || code >= 4500) return;
    connected().then(
      (next) => {
        ws = next;
        if (isAtEnd) next.terminate();
      },
      () => undefined,
    );
  }
  return {
    texts,
    closes,
    frames: () => texts.map((text) => JSON.parse(text) as Record<string, unknown>),
    async say(text) {
      await eventually(() => {
        if (ws.readyState !== WebSocket.OPEN) throw new Error('the page is not connected');
      });
      ws.send(text);
    },
    vanish() {
      isAtEnd = true;
      ws.terminate();
    },
    async leave() {
      isAtEnd = true;
      const closed = new Promise((resolve) => ws.once('close', resolve));
      ws.close(1000);
      if (ws.readyState !== WebSocket.CLOSED) await closed;
    },
  };
}

async function opened(address: AddressSource, listen: (socket: WebSocket) => void): Promise<WebSocket> {
  const { url, token } = await address();
  const socket = new WebSocket(withToken(url, token), { handshakeTimeout: 5_000 });
  listen(socket);
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return socket;
}
