import type { ServerFrame } from '@flotilla-im/protocol';
import type { WebSocketClass, WebSocketLike } from '../src/options.ts';
import { welcome } from './scripted-world.ts';

type Listener = (event: { data: unknown; code: number; reason: string }) => void;

/** A platform's WebSocket whose other end is the test. */
export class FakeWebSocket implements WebSocketLike {
  readonly url: string;
  readonly protocols: string[];
  readonly sent: Record<string, unknown>[] = [];
  closing: { code: number | undefined; reason: string | undefined } | null = null;
  readonly #listeners = new Map<string, Listener[]>();

  constructor(url: string, protocols: string[]) {
    this.url = url;
    this.protocols = protocols;
  }

  addEventListener(type: string, listener: Listener): void {
    this.#listeners.set(type, [...(this.#listeners.get(type) ?? []), listener]);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>);
  }

  close(code?: number, reason?: string): void {
    this.closing ??= { code, reason };
    queueMicrotask(() => this.happen('close', { code: code ?? 1005, reason: reason ?? '' }));
  }

  /** An event of the platform. */
  happen(type: string, event: Partial<Parameters<Listener>[0]> = {}): void {
    for (const listener of this.#listeners.get(type) ?? [])
      listener({ data: undefined, code: 0, reason: '', ...event });
  }

  /** The shard says something. */
  say(frame: ServerFrame): void {
    this.happen('message', { data: JSON.stringify(frame) });
  }

  /** The handshake succeeds, and the shard serves. */
  serve(): void {
    this.happen('open');
    this.say(welcome());
  }
}

/** A class for the `WebSocket` option, and the sockets made by it. */
export function fakeWebSockets(): { readonly sockets: FakeWebSocket[]; readonly WebSocket: WebSocketClass } {
  const sockets: FakeWebSocket[] = [];
  return {
    sockets,
    WebSocket: class extends FakeWebSocket {
      constructor(url: string, protocols: string[]) {
        super(url, protocols);
        sockets.push(this);
      }
    },
  };
}

/** Lets everything that is due without a timer happen. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 20; i++) await Promise.resolve();
}
