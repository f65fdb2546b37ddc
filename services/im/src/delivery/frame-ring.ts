import type { Position } from '@flotilla-im/protocol';
import type { MessageFrame } from './message-frame.ts';

/** How much of a log a pod keeps at hand. */
export interface RingBounds {
  readonly frames: number;
  /** By `MessageFrame.weight`. */
  readonly bytes: number;
}

/** The latest messages of one log, without a hole: offsets follow one another from `base` on. */
export class FrameRing {
  readonly #frames: MessageFrame[] = [];
  readonly #bounds: RingBounds;
  /** The position before the first frame. */
  #base: Position;
  #bytes = 0;

  constructor(base: Position, bounds: RingBounds) {
    this.#base = base;
    this.#bounds = bounds;
  }

  /** Adds the frame after the last one. */
  push(frame: MessageFrame): void {
    this.#frames.push(frame);
    this.#bytes += frame.weight;
    // A quarter more than the bounds before anything is dropped: shifting an array costs its length.
    const { frames, bytes } = this.#bounds;
    if (this.#frames.length > frames * 1.25 || this.#bytes > bytes * 1.25) this.#trim();
  }

  #trim(): void {
    const { frames, bytes } = this.#bounds;
    let dropped = 0;
    let kept = this.#frames.length;
    for (const frame of this.#frames) {
      if (kept <= 1 || (kept <= frames && this.#bytes <= bytes)) break;
      this.#base = positionOf(frame);
      this.#bytes -= frame.weight;
      dropped += 1;
      kept -= 1;
    }
    this.#frames.splice(0, dropped);
  }

  /** At most `maxWeight` (but at least one) of the frames after a position; null when the ring does not reach back to it. */
  after(position: Position, maxWeight: number): MessageFrame[] | null {
    const from = this.#indexAfter(position);
    if (from === -1) return null;
    let to = from;
    let weight = 0;
    while (to < this.#frames.length) {
      weight += this.#frames[to]?.weight ?? 0;
      if (weight > maxWeight && to > from) break;
      to += 1;
    }
    return this.#frames.slice(from, to);
  }

  /** The frame at an offset, if it is here. */
  at(offset: number): MessageFrame | undefined {
    return this.#frames[offset - this.#base.offset - 1];
  }

  /** The position before the last frame. */
  get beforeLast(): Position {
    const frame = this.#frames.at(-2);
    return frame === undefined ? this.#base : positionOf(frame);
  }

  #indexAfter({ generation, offset }: Position): number {
    const index = offset - this.#base.offset;
    if (index < 0 || index > this.#frames.length) return -1;
    const before = index === 0 ? this.#base : this.#frames[index - 1]?.entry;
    return before?.generation === generation ? index : -1;
  }
}

function positionOf({ entry }: MessageFrame): Position {
  return { generation: entry.generation, offset: entry.offset };
}
