/** A failed call of the API server as callers judge it. */
export interface ApiFailure {
  /** HTTP status; null when there was no answer (refused, reset, no answer in time). */
  readonly status: number | null;
  /** How long the server asks to wait, milliseconds; null when it does not say. */
  readonly retryAfterMs: number | null;
  /** One short line for logs, without headers and bodies. */
  readonly text: string;
}

/** The API server answered a call of ours with a failure, or reported one inside of a watch. */
export class ApiError extends Error implements ApiFailure {
  override readonly name = 'ApiError';
  readonly status: number;
  readonly retryAfterMs: number | null;
  readonly text: string;

  constructor(status: number, text: string, retryAfterMs: number | null) {
    super(text);
    [this.status, this.text, this.retryAfterMs] = [status, text, retryAfterMs];
  }
}

/** An error of an answered call, from its parts; the body may be a Status object, its text, or something else altogether. */
export function apiError(
  what: string,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: unknown,
): ApiError {
  const told = messageOf(body);
  const seconds = Number(headers['retry-after'] ?? NaN);
  return new ApiError(status, `${what}: ${status}${told}`, Number.isFinite(seconds) ? seconds * 1_000 : null);
}

/** Judges whatever a call rejected with: by status and code, never by a message. */
export function failureOf(error: unknown): ApiFailure {
  if (error instanceof ApiError) return error;
  const { code, headers, body, cause, name } = (error ?? {}) as Record<string, unknown>;
  // What the client throws for an answered call; its message holds all headers.
  if (typeof code === 'number' && typeof headers === 'object' && headers !== null) {
    return apiError('API server', code, headers as Record<string, string>, body);
  }
  if (name === 'TimeoutError' || name === 'AbortError') return unanswered('API server did not answer in time');
  const why = (cause as { code?: unknown } | undefined)?.code ?? code;
  if (typeof why === 'string') return unanswered(`API server could not be reached (${why})`);
  // A fault of our own, or one that names itself.
  return unanswered(error instanceof Error ? error.message : String(error));
}

function unanswered(text: string): ApiFailure {
  return { status: null, retryAfterMs: null, text };
}

/** Whether a call failed with this HTTP status. */
export function hasStatus(error: unknown, status: number): boolean {
  return failureOf(error).status === status;
}

function messageOf(body: unknown): string {
  const value = typeof body === 'string' ? parsed(body) : body;
  const message = (value as { message?: unknown } | null)?.message;
  return typeof message === 'string' ? ` ${message.slice(0, 300)}` : '';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
