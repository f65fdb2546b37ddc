import type { IncomingMessage } from './conversations.ts';

/** An answer of the service that is no success. */
export class ApiError extends Error {
  readonly status: number;
  readonly retryAfterMs: number | undefined;

  constructor(status: number, message: string, retryAfterMs?: number) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** A channel in the list. */
export interface ListedChannel {
  readonly channel: string;
  readonly members: number;
  readonly joined: boolean;
}

/** A receipt as the service tells it. */
export interface ReceiptData {
  readonly messageId: string;
  readonly state: 'delivered' | 'offline' | 'expired';
}

/** Where an accepted message stands. */
export interface Accepted {
  readonly id: string;
  readonly position: string | null;
  readonly at: number | null;
}

/** The business service, call by call. */
export const api = {
  session: () => call<{ clientId: string }>('GET', 'session'),
  signIn: (name: string) => call<{ clientId: string }>('POST', 'session', { name }),
  signOut: () => call<undefined>('DELETE', 'session'),
  address: (signal: AbortSignal) => call<{ url: string; token: string }>('POST', 'address', undefined, signal),
  people: async () => (await call<{ people: string[] }>('GET', 'people')).people,
  channels: async () => (await call<{ channels: ListedChannel[] }>('GET', 'channels')).channels,
  join: (channel: string) => call<undefined>('PUT', `channels/${encodeURIComponent(channel)}/membership`),
  leave: (channel: string) => call<undefined>('DELETE', `channels/${encodeURIComponent(channel)}/membership`),
  history: async (path: string) => (await call<{ messages: IncomingMessage[] }>('GET', `${path}/messages`)).messages,
  write: (path: string, draft: { text: string; key: string }) => call<Accepted>('POST', `${path}/messages`, draft),
  receipts: async () => (await call<{ receipts: ReceiptData[] }>('GET', 'receipts')).receipts,
};

async function call<Answer>(method: string, path: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
  const response = await fetch(`/api/${path}`, {
    method,
    ...(signal && { signal }),
    ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const text = await response.text();
  const answer = (text === '' ? undefined : JSON.parse(text)) as Answer & { message?: string; retryAfterMs?: number };
  if (!response.ok) throw new ApiError(response.status, answer.message ?? response.statusText, answer.retryAfterMs);
  return answer;
}
