import { clientFrame, FrameReader, OPCODE, type WebSocketFrame } from './web-socket-frames.ts';
import type { Wire } from './wire.ts';

/** Connects to what an address names, and calls back; there may be nobody. */
export type Dial = (
  url: string,
  protocols: readonly string[],
  end: { readonly received: (bytes: Buffer) => void; readonly closed: () => void },
) => { readonly wire: () => Wire | null; readonly giveUp: () => void };

interface Event {
  readonly data?: unknown;
  readonly code?: number;
  readonly reason?: string;
}

/** A platform's WebSocket, over the wires of a world. It answers pings, as all network stacks do. */
export class SimulatedWebSocket {
  readonly #listeners = new Map<string, ((event: never) => void)[]>();
  readonly #reader = new FrameReader();
  readonly #line: ReturnType<Dial>;
  #state: 'connecting' | 'open' | 'closing' | 'closed' = 'connecting';
  #code = 1006;
  #reason = '';

  constructor(dial: Dial, url: string, protocols: readonly string[]) {
    this.#line = dial(url, protocols, {
      received: (bytes) => this.#received(bytes),
      closed: () => this.#closed(),
    });
  }

  addEventListener(type: string, listener: (event: never) => void): void {
    const known = this.#listeners.get(type);
    if (known === undefined) this.#listeners.set(type, [listener]);
    else known.push(listener);
  }

  send(text: string): void {
    if (this.#state === 'open') this.#write(OPCODE.text, Buffer.from(text));
  }

  close(code = 1000, reason = ''): void {
    if (this.#state === 'connecting') {
      this.#line.giveUp();
      // Not within the call, as the platforms have it.
      queueMicrotask(() => this.#closed());
    } else if (this.#state === 'open') {
      this.#state = 'closing';
      this.#write(OPCODE.close, closePayload(code, reason));
    }
  }

  #write(opcode: number, payload: Buffer): void {
    this.#line.wire()?.send(clientFrame(opcode, payload));
  }

  #received(bytes: Buffer): void {
    for (const found of this.#reader.read(bytes)) {
      if (typeof found !== 'number') this.#frame(found);
      else if (found === 101) {
        this.#state = 'open';
        this.#emit('open', {});
      } else {
        this.#line.giveUp();
        this.#closed();
      }
    }
  }

  #frame({ opcode, payload }: WebSocketFrame): void {
    if (this.#state === 'closed') return;
    if (opcode === OPCODE.text) this.#emit('message', { data: payload.toString() });
    else if (opcode === OPCODE.ping) this.#write(OPCODE.pong, payload);
    else if (opcode === OPCODE.close) {
      this.#code = payload.length < 2 ? 1005 : payload.readUInt16BE(0);
      this.#reason = payload.toString('utf8', 2);
      if (this.#state === 'open') this.#write(OPCODE.close, payload);
      this.#state = 'closing';
      this.#line.giveUp();
      this.#closed();
    }
  }

  #closed(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.#emit('close', { code: this.#code, reason: this.#reason });
  }

  #emit(type: string, event: Event): void {
    for (const listener of this.#listeners.get(type) ?? []) listener(event as never);
  }
}

function closePayload(code: number, reason: string): Buffer {
  const payload = Buffer.alloc(2 + Buffer.byteLength(reason));
  payload.writeUInt16BE(code, 0);
  payload.write(reason, 2);
  return payload;
}
