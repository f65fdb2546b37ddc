import type { Address } from '@flotilla-im/client';
import type {
  AcceptedMessage,
  Draft,
  ListedChannel,
  MessageReceipt,
  PastMessage,
  ProblemAnswer,
  SessionAnswer,
} from '../../src/words.ts';

/** An answer of the service that is no success, or none at all. Its message is a sentence for the person. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** 0: the service could not be reached. */
  readonly status: number;
  /** When it makes sense to try again; null: it does not. Flotilla's client reads it too. */
  readonly retryAfterMs: number | null;

  constructor(status: number, message: string, retryAfterMs: number | null) {
    super(message);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** The business service, call by call. Every call throws `ApiError`. */
export const api = Object.freeze({
  session: () => call<SessionAnswer>('GET', '/api/session'),
  signIn: (name: string) => call<SessionAnswer>('POST', '/api/session', { name }),
  signOut: () => call<null>('DELETE', '/api/session'),
  /** The address of this client's shard, good for one connection, and the service's clock. */
  address: (signal: AbortSignal) => call<Address & { readonly now: number }>('GET', '/address', undefined, signal),
  online: async () => (await call<{ online: string[] }>('GET', '/api/people')).online,
  channels: async () => (await call<{ channels: ListedChannel[] }>('GET', '/api/channels')).channels,
  join: (channel: string) => call<null>('POST', '/api/channels/join', { channel }),
  leave: (channel: string) => call<null>('POST', '/api/channels/leave', { channel }),
  send: (draft: Draft) => call<AcceptedMessage>('POST', '/api/messages', draft),
  inbox: async () => (await call<Past>('GET', '/api/inbox')).messages,
  history: async (channel: string) => (await call<Past>('GET', `/api/history?${query({ channel })}`)).messages,
  /** What became of private messages to somebody; `wait`: answers when those on their way have arrived, or after 10 s. */
  receipts: async (to: string, wait: boolean) =>
    (await call<{ receipts: MessageReceipt[] }>('GET', `/api/receipts?${query({ to, wait: String(wait) })}`)).receipts,
});

interface Past {
  readonly messages: PastMessage[];
}

async function call<Answer>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
  const response = await fetch(path, {
    method,
    ...(signal && { signal }),
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  }).catch((error: unknown) => {
    throw signal?.aborted === true ? error : new ApiError(0, 'The service cannot be reached.', 0);
  });
  const answer: unknown = await response.json().catch(() => null);
  if (response.ok) return answer as Answer;
  const { message = 'Something went wrong.', retryAfterMs = null } = (answer ?? {}) as Partial<ProblemAnswer>;
  throw new ApiError(response.status, message, response.status >= 500 ? (retryAfterMs ?? 0) : retryAfterMs);
}

function query(parameters: Readonly<Record<string, string>>): string {
  return new URLSearchParams(parameters).toString();
}
