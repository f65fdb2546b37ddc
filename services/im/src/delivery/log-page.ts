import { type Position, samePosition } from '@flotilla-im/protocol';
import type { LogKey, LogMeta, LogSlice } from '@flotilla-im/store';
import { MessageFrame } from './message-frame.ts';
import { MessageRun } from './message-run.ts';

/** Weight given to a reader at a time: a slow one confirms run by run. */
export const RUN_BYTES = 65_536;

/** What a read of a log brought, with its messages as frames, so that all who waited for it share them. */
export class LogPage {
  readonly meta: LogMeta;
  /** Where it starts (exclusive). */
  readonly start: Position;
  /** False when the position that was asked for is not to be had; `start` replaces it. */
  readonly recovered: boolean;
  readonly frames: readonly MessageFrame[];
  #runs: readonly MessageRun[] | null = null;

  constructor(meta: LogMeta, start: Position, recovered: boolean, frames: readonly MessageFrame[]) {
    this.meta = meta;
    this.start = start;
    this.recovered = recovered;
    this.frames = frames;
  }

  static of(log: LogKey, { meta, start, recovered, entries }: LogSlice): LogPage {
    return new LogPage(
      meta,
      start,
      recovered,
      entries.map((entry) => new MessageFrame(log, entry, false)),
    );
  }

  /** All its messages, in runs of about `RUN_BYTES`. */
  runs(): readonly MessageRun[] {
    return (this.#runs ??= runsOf(this.frames));
  }

  /** The page that a read from `position` would have brought, where this one holds it. */
  from(position: Position): LogPage | null {
    if (samePosition(position, this.start)) return this;
    const index = this.frames.findIndex(({ entry }) => samePosition(entry, position));
    // Nothing after its last message: a read of its own may find more.
    if (index < 0 || index === this.frames.length - 1) return null;
    return new LogPage(this.meta, position, true, this.frames.slice(index + 1));
  }
}

function runsOf(frames: readonly MessageFrame[]): MessageRun[] {
  const runs: MessageRun[] = [];
  let from = 0;
  let weight = 0;
  frames.forEach((frame, index) => {
    if (index > from && weight + frame.weight > RUN_BYTES) {
      runs.push(new MessageRun(frames.slice(from, index)));
      from = index;
      weight = 0;
    }
    weight += frame.weight;
  });
  if (from < frames.length) runs.push(new MessageRun(frames.slice(from)));
  return runs;
}
