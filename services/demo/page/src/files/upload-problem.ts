/** Why a file could not be sent, in a sentence for the person. */
export class UploadProblem extends Error {
  override readonly name = 'UploadProblem';
  /** When it makes sense to try again; null: it does not. */
  readonly retryAfterMs: number | null;

  constructor(message: string, retryAfterMs: number | null = null) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}
