import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { JournalRecord } from './record.ts';

/** What one program writes down, in the order that it says so. */
export interface Journal {
  /** Reaches the kernel with the end of this tick; a kill before that loses it. */
  write(record: JournalRecord): void;
  /** These have reached the kernel when this returns, with all before them: no kill of this process loses them. */
  writeNow(...records: readonly JournalRecord[]): void;
  /** Writes what is left and closes the file. A second call does nothing. */
  close(): Promise<void>;
}

/** From this size on a batch does not wait for the end of its tick. Characters. */
const MOST_WAITING = 262_144;

/**
 * Opens the journal of a program, `<folder>/<program>.jsonl`; makes the folder where it is missing.
 *
 * @throws Error with the code EEXIST when there is one already: what two runs wrote cannot be judged as one
 */
export function openJournal(folder: string, program: string): Journal {
  mkdirSync(folder, { recursive: true });
  return new FileJournal(openSync(join(folder, `${program}.jsonl`), 'ax'));
}

/**
 * Milliseconds of the machine's monotonic clock, to the microsecond: the same for all its processes, and whatever the wall
 * clock does.
 */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1_000n) / 1_000;
}

class FileJournal implements Journal {
  readonly #file: number;
  #waiting = '';
  #isScheduled = false;
  #isClosed = false;
  readonly #flush = (): void => {
    this.#isScheduled = false;
    if (this.#waiting === '' || this.#isClosed) return;
    const bytes = Buffer.from(this.#waiting);
    this.#waiting = '';
    for (let written = 0; written < bytes.length;) written += writeSync(this.#file, bytes, written);
  };

  constructor(file: number) {
    this.#file = file;
    // A process that ends itself in the middle of a tick.
    process.once('exit', this.#flush);
  }

  write(record: JournalRecord): void {
    this.#waiting += `${JSON.stringify(record)}\n`;
    if (this.#waiting.length >= MOST_WAITING) this.#flush();
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(this.#flush);
  }

  writeNow(...records: readonly JournalRecord[]): void {
    for (const record of records) this.#waiting += `${JSON.stringify(record)}\n`;
    this.#flush();
  }

  close(): Promise<void> {
    if (this.#isClosed) return Promise.resolve();
    this.#flush();
    this.#isClosed = true;
    process.off('exit', this.#flush);
    closeSync(this.#file);
    return Promise.resolve();
  }
}
