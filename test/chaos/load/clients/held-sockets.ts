import type { WebSocket } from 'ws';

/** How long a goodbye may take: a peer that is gone does not answer it. */
const GOODBYE_MS = 2_000;

/** The open sockets of one client, to be held up or cut. */
export class HeldSockets {
  readonly #open = new Set<WebSocket>();
  readonly #whenEmpty: (() => void)[] = [];
  #isStalled = false;

  get isStalled(): boolean {
    return this.#isStalled;
  }

  /** Call it before the socket is open. */
  hold(socket: WebSocket): void {
    this.#open.add(socket);
    socket.once('open', () => {
      if (this.#isStalled) socket.pause();
    });
    socket.once('close', () => {
      this.#open.delete(socket);
      if (this.#open.size === 0) for (const tell of this.#whenEmpty.splice(0)) tell();
    });
  }

  /** Nothing is read from them any more, nor from those that open later: the peer's bytes pile up. */
  stall(): void {
    this.#isStalled = true;
    for (const socket of this.#open) socket.pause();
  }

  readAgain(): void {
    this.#isStalled = false;
    for (const socket of this.#open) socket.resume();
  }

  /** Ends them without a goodbye. */
  cut(): void {
    for (const socket of this.#open) socket.terminate();
  }

  /** Says goodbye on all of them. */
  close(): void {
    for (const socket of this.#open) socket.close(1000);
  }

  /** Resolves when none is open: those without an answer to their goodbye are cut after two seconds. */
  async closed(): Promise<void> {
    if (this.#open.size === 0) return;
    const cut = setTimeout(() => this.cut(), GOODBYE_MS);
    await new Promise<void>((resolve) => this.#whenEmpty.push(resolve));
    clearTimeout(cut);
  }
}
