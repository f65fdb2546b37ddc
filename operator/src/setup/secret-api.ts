/** A Secret as far as it matters here. */
export interface Secret {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Texts, decoded. */
  readonly data: Readonly<Record<string, string>>;
}

/** A Secret that the API server has. */
export interface StoredSecret extends Secret {
  /** Tells it from one of the same name made after it. */
  readonly uid: string;
}

/** The three things that are done with Secrets of one namespace. Each call rejects with {@link ApiFailure}. */
export interface SecretApi {
  /** Null when there is none. */
  readonly read: (name: string) => Promise<StoredSecret | null>;
  /** False when there is one of that name already, which stays as it is. */
  readonly create: (secret: Secret) => Promise<boolean>;
  /** Removes exactly this one; one that is gone, or is another one by now, is fine. */
  readonly remove: (secret: StoredSecret) => Promise<void>;
}

/** A call that did not succeed. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';
  /** Whether the same call may succeed later. */
  readonly isRetryable: boolean;
  /** How long the server asked to wait, in milliseconds; null when it did not say. */
  readonly retryAfterMs: number | null;

  constructor(message: string, isRetryable: boolean, retryAfterMs: number | null = null) {
    super(message);
    this.isRetryable = isRetryable;
    this.retryAfterMs = retryAfterMs;
  }
}
