import { HttpProblem } from '../http/problem.ts';
import { type FileType, HEAD_BYTES, misfitOf } from './file-types.ts';
import { sizeRefusal } from './size-refusal.ts';

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
    checkSize(size, limitBytes);
    head.take(chunk);
    await write(chunk);
  }
  checkSize(size, limitBytes);
  head.end();
  return size;
}

/** @throws {HttpProblem} 400 empty_file, 413 file_too_large */
export function checkSize(bytes: number, limitBytes: number): void {
  const refusal = sizeRefusal(bytes, limitBytes);
  if (refusal === null) return;
  throw bytes === 0 ? new HttpProblem(400, 'empty_file', refusal) : new HttpProblem(413, 'file_too_large', refusal);
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
