import { HttpProblem } from '../http/problem.ts';
import { type FileType, HEAD_BYTES, misfitOf } from './file-types.ts';

/** What a file must be, and where it goes. */
export interface Reception {
  readonly type: FileType;
  readonly limitBytes: number;
  /** The next chunk is asked for when this one was taken: nothing piles up in memory. */
  readonly write: (chunk: Uint8Array) => Promise<void>;
  /** Its first bytes are such a file's. */
  readonly begun: () => void;
}

/**
 * Passes a file on as it comes, and ends at the first byte too many.
 *
 * @returns its size in bytes
 * @throws {HttpProblem} 400 empty_file, 413 file_too_large, 415 bad_type, or as `source` and `write` do
 */
export async function receiveFile(source: AsyncIterable<Uint8Array>, reception: Reception): Promise<number> {
  const { type, limitBytes, write, begun } = reception;
  const head = new Head(type, begun);
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > limitBytes) throw tooLarge(limitBytes);
    head.take(chunk);
    await write(chunk);
  }
  if (size === 0) throw new HttpProblem(400, 'empty_file', 'This file is empty.');
  head.end();
  return size;
}

/** A refusal that names the limit. */
export function tooLarge(limitBytes: number): HttpProblem {
  const megabytes = Math.floor(limitBytes / 100_000) / 10;
  return new HttpProblem(413, 'file_too_large', `This file is too large: ${megabytes} MB is the most.`);
}

/** The first bytes, which may come in any portions. */
class Head {
  readonly #type: FileType;
  readonly #begun: () => void;
  #bytes = new Uint8Array();
  #isChecked = false;

  constructor(type: FileType, begun: () => void) {
    this.#type = type;
    this.#begun = begun;
  }

  take(chunk: Uint8Array): void {
    if (this.#isChecked) return;
    this.#bytes = Buffer.concat([this.#bytes, chunk.subarray(0, HEAD_BYTES - this.#bytes.length)]);
    if (this.#bytes.length === HEAD_BYTES) this.end();
  }

  /** There is no more to see. */
  end(): void {
    if (this.#isChecked) return;
    const misfit = misfitOf(this.#type, this.#bytes);
    if (misfit !== null) throw new HttpProblem(415, 'bad_type', misfit);
    this.#isChecked = true;
    this.#begun();
  }
}
