import { ApiFailure, type SecretApi } from './secret-api.ts';

/** What patience needs. */
export interface Patience {
  /** Monotonic, in milliseconds. */
  readonly nowMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** 0 to 1. */
  readonly chance: () => number;
  /** No call begins later than this after the first, in milliseconds. */
  readonly patienceMs: number;
  /** Told of each failure that is retried. */
  readonly onRetry: (failure: ApiFailure) => void;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;

/** Repeats what failed and may succeed later, with growing pauses, for as long as the patience lasts. */
export function createPatientSecretApi(api: SecretApi, patience: Patience): SecretApi {
  const endMs = patience.nowMs() + patience.patienceMs;
  const patiently = async <T>(call: () => Promise<T>): Promise<T> => {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
      try {
        return await call();
      } catch (error) {
        if (!(error instanceof ApiFailure) || !error.isRetryable) throw error;
        const asked = Math.min(error.retryAfterMs ?? 0, LONGEST_PAUSE_MS);
        // Half of it by chance, so that many jobs do not come at once.
        const waitMs = Math.max(asked, pauseMs * (0.5 + patience.chance() / 2));
        if (patience.nowMs() + waitMs > endMs) throw error;
        patience.onRetry(error);
        await patience.sleep(waitMs);
      }
    }
  };
  return {
    read: (name) => patiently(() => api.read(name)),
    create: (secret) => patiently(() => api.create(secret)),
    remove: (secret) => patiently(() => api.remove(secret)),
  };
}
