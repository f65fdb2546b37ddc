import type { FrameRun } from './frame-run.ts';
import type { MessageFrame } from './message-frame.ts';

/** A run whose bytes are built once a protocol and shared by all connections that get it. */
export class MessageRun implements FrameRun {
  readonly frames: readonly MessageFrame[];
  /** About the bytes of the run. */
  readonly weight: number;
  /** Clients whose own connections skip some of it (the self rule); null for nobody, `all` where something is damaged. */
  readonly #skippedBy: ReadonlySet<string> | 'all' | null;
  #v1: Buffer | null = null;
  #plain: Buffer | null = null;

  /** @param frames - not empty, not changed afterwards */
  constructor(frames: readonly MessageFrame[]) {
    this.frames = frames;
    let weight = 0;
    let skippedBy: Set<string> | null = null;
    let isSkippedByAll = false;
    for (const { entry, weight: one } of frames) {
      weight += one;
      if (entry.isDamaged) isSkippedByAll = true;
      if (entry.excludeSender && entry.from !== null) (skippedBy ??= new Set()).add(entry.from);
    }
    this.weight = weight;
    this.#skippedBy = isSkippedByAll ? 'all' : skippedBy;
  }

  v1(): Buffer {
    return (this.#v1 ??= joined(this.frames.map((frame) => frame.v1())));
  }

  plain(): Buffer {
    return (this.#plain ??= joined(this.frames.map((frame) => frame.plain())));
  }

  /** What of it a client gets: the run itself but for the self rule and what is damaged; null when nothing is left. */
  for(clientId: string): MessageRun | null {
    if (this.#skippedBy === null || (this.#skippedBy !== 'all' && !this.#skippedBy.has(clientId))) return this;
    const isFor = ({ entry }: MessageFrame): boolean =>
      entry.isDamaged !== true && (!entry.excludeSender || entry.from !== clientId);
    const frames = this.frames.filter(isFor);
    return frames.length === 0 ? null : new MessageRun(frames);
  }
}

function joined(buffers: readonly Buffer[]): Buffer {
  const [first] = buffers;
  return buffers.length === 1 && first !== undefined ? first : Buffer.concat(buffers);
}
