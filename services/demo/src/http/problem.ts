/** An answer that is no success, with a sentence for the person. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly statusCode: number;
  readonly code: string;
  readonly retryAfterMs: number | undefined;

  constructor(statusCode: number, code: string, message: string, retryAfterMs?: number) {
    super(message);
    this.statusCode = statusCode;
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }
}
