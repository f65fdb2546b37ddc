import type { Position } from '@flotilla-im/protocol';
import type { LogEntry } from '@flotilla-im/store';

/** How many entries are kept aside; those beyond are read from the log. */
const MOST = 256;

/** Entries of one log that were notified before those that come before them. */
export class Stash {
  readonly #entries = new Map<number, LogEntry>();
  #overflowed = false;

  add(entry: LogEntry): void {
    if (this.#entries.size < MOST) this.#entries.set(entry.offset, entry);
    else this.#overflowed = true;
  }

  /** Takes the entry that comes right after a position; null when it is not here. */
  take({ generation, offset }: Position): LogEntry | null {
    const entry = this.#entries.get(offset + 1);
    if (entry === undefined || (entry.generation !== generation && offset > 0)) return null;
    this.#entries.delete(offset + 1);
    return entry;
  }

  /** Whether a log that is known up to `line` needs nothing of it any more: all that is left comes before it. */
  isSettledBy(line: Position): boolean {
    if (this.#overflowed) return false;
    for (const { generation, offset } of this.#entries.values()) {
      if (generation !== line.generation || offset > line.offset) return false;
    }
    return true;
  }
}
