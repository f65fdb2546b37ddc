import { WebSocket } from 'ws';

/** The other end of a plain WebSocket. */
export class PlainPeer {
  readonly texts: string[] = [];
  readonly pings: string[] = [];
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  readonly opened: Promise<void>;
  readonly ws: WebSocket;

  /** @param autoPong - whether it answers pings, as every real client does */
  constructor(url: string, autoPong = true) {
    this.ws = new WebSocket(url, { autoPong });
    this.opened = new Promise((resolve, reject) => {
      this.ws.once('open', resolve);
      this.ws.once('error', reject);
    });
    this.opened.catch(() => undefined);
    this.ws.on('error', () => undefined);
    this.ws.on('message', (data: Buffer) => this.texts.push(data.toString()));
    this.ws.on('ping', (payload) => this.pings.push(payload.toString()));
    this.closed = new Promise((resolve) => {
      this.ws.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
    });
  }
}
