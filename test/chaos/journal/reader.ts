import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import type { JournalRecord } from './record.ts';
import { isRecord } from './shapes.ts';

/** Read at a time, and all of a file that is in memory at once. */
const CHUNK_BYTES = 1_048_576;
const ENDING = '.jsonl';

/** A line of a journal is none that anybody could have meant: nothing can be judged by it. */
export class UnreadableJournal extends Error {
  override readonly name = 'UnreadableJournal';
}

/** The journals of a folder, by their names. @throws Error when there is no such folder */
export function journalFiles(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(ENDING));
  return names.toSorted().map((name) => join(folder, name));
}

/** The program that wrote a journal: the name of its file. */
export function programOf(file: string): string {
  return basename(file, ENDING);
}

/**
 * All records of a journal, in the order they were written. A last line without its end is left out: its writer was killed.
 *
 * @throws UnreadableJournal naming file and line
 */
export function* recordsOf(file: string): Generator<JournalRecord, void> {
  let number = 0;
  for (const line of linesOf(file)) {
    number += 1;
    const record = parse(line);
    if (!isRecord(record)) throw new UnreadableJournal(`${file}:${number}: no record: ${line.slice(0, 200)}`);
    yield record;
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** Lines that have an end. */
function* linesOf(file: string): Generator<string, void> {
  const bytes = Buffer.allocUnsafe(CHUNK_BYTES);
  const decoder = new StringDecoder('utf8');
  const handle = openSync(file, 'r');
  try {
    let rest = '';
    for (let count = readSync(handle, bytes); count > 0; count = readSync(handle, bytes)) {
      const lines = (rest + decoder.write(bytes.subarray(0, count))).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } finally {
    closeSync(handle);
  }
}
