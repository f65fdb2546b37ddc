import { HttpProblem } from '../http/problem.ts';

/** A person sends at most so many files at the same time. */
const AT_ONCE = 3;
/** When it makes sense to try again. */
const AGAIN_MS = 2_000;

/** The uploads that this process is receiving: how many of each person, and how much room they may take. */
export class UnderWay {
  readonly #counts = new Map<string, number>();
  #bytes = 0;

  /** The room that is promised to them. */
  get bytes(): number {
    return this.#bytes;
  }

  /** One begins. @returns what ends it @throws {HttpProblem} 429 too_many_uploads */
  begin(clientId: string, bytes: number): () => void {
    const count = this.#counts.get(clientId) ?? 0;
    if (count >= AT_ONCE) {
      const sentence = `${AT_ONCE} files at the same time is the most: let one of them finish.`;
      throw new HttpProblem(429, 'too_many_uploads', sentence, AGAIN_MS);
    }
    this.#counts.set(clientId, count + 1);
    this.#bytes += bytes;
    return () => {
      const left = (this.#counts.get(clientId) ?? 1) - 1;
      if (left === 0) this.#counts.delete(clientId);
      else this.#counts.set(clientId, left);
      this.#bytes -= bytes;
    };
  }
}
