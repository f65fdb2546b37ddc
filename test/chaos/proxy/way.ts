import type { Socket } from 'node:net';
import type { Treatment } from './treatment.ts';

/** What goes through one way of a connection: bytes, then at most one end, orderly or by a reset. */
type Item = Buffer | 'end' | 'reset';

interface Waiting {
  readonly item: Item;
  dueMs: number;
}

/** As much waits in one way before its source is no longer read: what a TCP window would take. */
const MOST_WAITING_BYTES = 1_048_576;

/** What a way needs. */
export interface WayOptions {
  readonly source: Socket;
  readonly sink: Socket;
  readonly treatment: Treatment;
  /** Called with each chunk before anything else; returns what is left of it. */
  readonly sift: (chunk: Buffer) => readonly Buffer[];
  /** What `sift` kept, at the end. */
  readonly rest: () => readonly Buffer[];
}

/** One direction of one connection: what its source sends arrives at its sink, whole and in order, when the link lets it. */
export class Way {
  readonly #options: WayOptions;
  readonly #waiting: Waiting[] = [];
  #treatment: Treatment;
  #waitingBytes = 0;
  #timer: NodeJS.Timeout | null = null;
  #isClogged = false;
  #hasEnded = false;

  /** Begins to read the source. */
  constructor(options: WayOptions) {
    const { source, sink, sift, treatment } = options;
    this.#options = options;
    this.#treatment = treatment;
    source.on('data', (chunk: Buffer) => {
      for (const left of sift(chunk)) this.#take(left);
    });
    source.on('end', () => this.#finish('end'));
    source.on('close', (hadError: boolean) => {
      if (!this.#hasEnded || hadError) this.#finish('reset');
    });
    sink.on('drain', () => {
      this.#isClogged = false;
      this.#breathe();
    });
    sink.on('close', () => this.#stop());
  }

  /** Another treatment from now on, for what waits as well. */
  treat(treatment: Treatment): void {
    this.#treatment = treatment;
    for (const waiting of this.#waiting) waiting.dueMs = this.#dueMs(waiting.item);
    this.#pump();
  }

  #finish(how: 'end' | 'reset'): void {
    this.#hasEnded = true;
    for (const rest of this.#options.rest()) this.#take(rest);
    this.#pass(how);
  }

  #take(chunk: Buffer): void {
    const { pieceBytes } = this.#treatment;
    for (let at = 0; at < chunk.length; at += pieceBytes) {
      this.#pass(chunk.length <= pieceBytes ? chunk : chunk.subarray(at, at + pieceBytes));
    }
  }

  #pass(item: Item): void {
    if (this.#treatment.isStraight && this.#waiting.length === 0) {
      this.#deliver(item);
      return;
    }
    this.#waitingBytes += bytesOf(item);
    this.#waiting.push({ item, dueMs: this.#dueMs(item) });
    if (this.#waiting.length === 1) this.#pump();
    this.#breathe();
  }

  #dueMs(item: Item): number {
    return this.#treatment.dueMs(bytesOf(item), performance.now());
  }

  /** Delivers what is due, and comes again for the rest. Whatever is due by itself, it never overtakes. */
  #pump(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const nowMs = performance.now();
    let count = 0;
    for (const { item, dueMs } of this.#waiting) {
      if (dueMs > nowMs) break;
      count += 1;
      this.#waitingBytes -= bytesOf(item);
      this.#deliver(item);
    }
    this.#waiting.splice(0, count);
    const next = this.#waiting[0]?.dueMs ?? Infinity;
    if (next !== Infinity) this.#timer = setTimeout(() => this.#pump(), Math.max(1, next - nowMs));
    this.#breathe();
  }

  #deliver(item: Item): void {
    const { sink } = this.#options;
    if (item === 'reset') sink.resetAndDestroy();
    else if (item === 'end') sink.end();
    else if (!sink.write(item)) {
      this.#isClogged = true;
      this.#breathe();
    }
  }

  /** Reads the source only while there is room for more. */
  #breathe(): void {
    const { source } = this.#options;
    const isFull = this.#isClogged || this.#waitingBytes >= MOST_WAITING_BYTES;
    if (isFull) source.pause();
    else if (source.isPaused()) source.resume();
  }

  /** Nobody is there any more to take it. */
  #stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#waiting.length = 0;
    this.#waitingBytes = 0;
    this.#isClogged = false;
    this.#breathe();
  }
}

function bytesOf(item: Item): number {
  return typeof item === 'string' ? 0 : item.length;
}
