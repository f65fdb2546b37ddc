import { Duplex } from 'node:stream';

/** What the shard's end of a connection does to the network. */
export interface SocketEffects {
  readonly write: (bytes: Buffer) => void;
  readonly ended: () => void;
}

/** A shard's end of a TCP connection, as a server's socket. */
export class ServerSocket extends Duplex {
  readonly remoteAddress = '10.0.0.1';
  readonly #effects: SocketEffects;

  constructor(effects: SocketEffects) {
    super({ allowHalfOpen: false });
    this.#effects = effects;
  }

  setNoDelay(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  override _read(): void {
    // What arrives is pushed.
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#effects.write(bytes);
    done();
  }

  override _final(done: () => void): void {
    this.#effects.ended();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#effects.ended();
    done(error);
  }
}
