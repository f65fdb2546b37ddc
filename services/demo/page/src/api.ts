import type { Address } from '@flotilla-im/client';
import type { FleetAnswer } from '../../src/fleet/fleet-words.ts';
import type {
  AcceptedMessage,
  Draft,
  ListedChannel,
  Looked,
  MessageReceipt,
  Notice,
  PastAnswer,
  ProblemAnswer,
  SessionAnswer,
  Typing,
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
  create: (channel: string) => call<null>('POST', '/api/channels/create', { channel }),
  fleet: () => call<FleetAnswer>('GET', '/api/fleet'),
  /** Both only where a launcher runs the cluster: to so many shards, and one shard without a goodbye. */
  scale: (shards: number) => call<null>('POST', '/api/fleet/scale', { shards }),
  killShard: (shard: number) => call<null>('POST', '/api/fleet/kill', { shard }),
  join: (channel: string) => call<null>('POST', '/api/channels/join', { channel }),
  leave: (channel: string) => call<null>('POST', '/api/channels/leave', { channel }),
  members: async (channel: string) =>
    (await call<{ members: string[] }>('GET', `/api/channels/members?${query({ channel })}`)).members,
  /** Only for who created the channel. */
  putOut: (channel: string, clientId: string) => call<null>('POST', '/api/channels/put-out', { channel, clientId }),
  send: (draft: Draft) => call<AcceptedMessage>('POST', '/api/messages', draft),
  /** To everybody, where that is allowed. */
  broadcast: (notice: Notice) => call<AcceptedMessage>('POST', '/api/broadcast', notice),
  read: (looked: Looked) => call<null>('POST', '/api/messages/read', looked),
  typing: (typing: Typing) => call<null>('POST', '/api/typing', typing),
  inbox: (before?: string) => call<PastAnswer>('GET', `/api/inbox?${query(older(before))}`),
  history: (channel: string, before?: string) =>
    call<PastAnswer>('GET', `/api/history?${query({ channel, ...older(before) })}`),
  broadcasts: (before?: string) => call<PastAnswer>('GET', `/api/broadcasts?${query(older(before))}`),
  /** What became of private messages to somebody; `wait`: answers when those on their way have arrived, or after 10 s. */
  receipts: async (to: string, wait: boolean) =>
    (await call<{ receipts: MessageReceipt[] }>('GET', `/api/receipts?${query({ to, wait: String(wait) })}`)).receipts,
});

/** One request. @throws {ApiError} */
export async function call<Answer>(
  method: string,
  path: string,
  body?: unknown,
  signal?: AbortSignal,
): Promise<Answer> {
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

/** A position before which the past is asked for; without one, the newest. */
function older(before: string | undefined): Readonly<Record<string, string>> {
  return before === undefined ? {} : { before };
}

function query(parameters: Readonly<Record<string, string>>): string {
  return new URLSearchParams(parameters).toString();
}
