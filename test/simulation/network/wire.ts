import type { Duplex } from 'node:stream';
import type { Chance } from '../platform/chance.ts';
import type { Loop } from '../platform/loop.ts';
import type { SimulatedProcess } from '../platform/process.ts';
import { ServerSocket } from './server-socket.ts';
import { Way } from './way.ts';

/** What the client's end of a TCP connection hears. */
export interface WireEnd {
  readonly received: (bytes: Buffer) => void;
  readonly closed: () => void;
}

/** What a wire connects. */
export interface WireParts {
  readonly loop: Loop;
  readonly chance: Chance;
  readonly client: SimulatedProcess;
  readonly shard: SimulatedProcess;
  readonly end: WireEnd;
  /** Both ends are closed. */
  readonly done: (wire: Wire) => void;
}

/** One TCP connection between a client and a shard. */
export class Wire {
  /** When the client dialled. */
  readonly sinceMs: number;
  readonly #parts: WireParts;
  readonly #there: Way;
  readonly #back: Way;
  readonly #socket: ServerSocket;
  readonly #forget: (() => void)[];
  #isClientClosed = false;
  #isShardClosed = false;

  constructor(parts: WireParts) {
    const { loop, chance, client, shard } = parts;
    this.#parts = parts;
    this.sinceMs = loop.nowMs;
    this.#there = new Way(loop, chance, shard);
    this.#back = new Way(loop, chance, client);
    this.#socket = new ServerSocket({
      write: (bytes) => this.#back.carry(() => this.#toClient(bytes)),
      ended: () => this.#shardClosed(),
    });
    this.#forget = [client.onEnd(() => this.closeByClient()), shard.onEnd(() => this.#shardClosed())];
  }

  get client(): SimulatedProcess {
    return this.#parts.client;
  }

  /** The client's first packet; the shard's end of the connection is there when it arrives. */
  open(arrived: (socket: Duplex) => void): void {
    this.#there.carry(() => arrived(this.#socket));
  }

  /** The client says something. */
  send(bytes: Buffer): void {
    if (this.#isClientClosed) return;
    this.#there.carry(() => {
      if (!this.#isShardClosed) this.#socket.push(bytes);
    });
  }

  /** The client's end is closed: what it said before still arrives. */
  closeByClient(): void {
    if (this.#isClientClosed) return;
    this.#isClientClosed = true;
    this.#there.carry(() => this.#socket.destroy());
    this.#done();
  }

  /** The network breaks it: what is on its way is lost. Both ends hear so, each in its own time. */
  reset(): void {
    const { loop, client, shard } = this.#parts;
    this.#there.cut();
    this.#back.cut();
    loop.at(loop.nowMs, shard, () => this.#socket.destroy());
    loop.at(loop.nowMs, client, () => this.#closed());
  }

  /** The network carries nothing for a while; what was said arrives after that. */
  hold(untilMs: number): void {
    this.#there.hold(untilMs);
    this.#back.hold(untilMs);
  }

  #toClient(bytes: Buffer): void {
    if (!this.#isClientClosed) this.#parts.end.received(bytes);
  }

  #shardClosed(): void {
    if (this.#isShardClosed) return;
    this.#isShardClosed = true;
    this.#back.carry(() => this.#closed());
    this.#done();
  }

  #closed(): void {
    if (this.#isClientClosed) return;
    this.#isClientClosed = true;
    this.#parts.end.closed();
    this.#done();
  }

  #done(): void {
    if (!this.#isClientClosed || !this.#isShardClosed) return;
    for (const forget of this.#forget) forget();
    this.#parts.done(this);
  }
}
