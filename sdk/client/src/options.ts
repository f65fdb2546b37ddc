import { FlotillaError, isChannelName, LIMITS, parsePosition, type ConnectAddress } from '@flotilla-im/protocol';
import type { BackoffOptions } from './backoff.ts';
import type { SavedPositions } from './events.ts';

/** What the application's backend got from `connectInfo`; more than these two fields may be there. */
export type Address = Pick<ConnectAddress, 'url' | 'token'>;

/** Asks the application's own backend where to connect. Tokens are good for one connection, so it is asked each time. */
export type AddressSource = (context: {
  /** Aborted when the answer is not needed any more. */
  readonly signal: AbortSignal;
}) => Address | null | Promise<Address | null>;

/** The part of the platform's WebSocket that is used; `ws` has it as well. */
export interface WebSocketLike {
  send(text: string): void;
  close(code?: number, reason?: string): void;
  addEventListener(type: 'open' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { readonly code: number; readonly reason: string }) => void): void;
}

/** The constructor of a WebSocket. */
export type WebSocketClass = new (url: string, protocols: string[]) => WebSocketLike;

/** What `connect` takes. */
export interface ConnectOptions {
  /**
   * Called for every attempt. A rejection, or no answer within `addressTimeoutMs`, counts as a failed attempt (an error's
   * `retryAfterMs` is honoured); null ends the connection: there will be no address any more.
   */
  readonly address: AddressSource;
  /** By default the platform's. */
  readonly WebSocket?: WebSocketClass;
  /** Positions of an earlier connection object, for example from before the page was reloaded. */
  readonly resume?: SavedPositions;
  /** Requests without an answer that are kept, at most; one more is `busy`. 1,000 by default. */
  readonly outboxLimit?: number;
  /** Requests a second on one connection in the long run; the shards cut a client off above 100. 80 by default. */
  readonly requestsPerSecond?: number;
  /** Requests at once after a pause; the shards cut a client off above 200. 100 by default. */
  readonly requestBurst?: number;
  /** Most bytes a message may take as JSON; the shards' own limit counts. 65,536 by default. */
  readonly dataLimitBytes?: number;
  /** 200 by default. */
  readonly backoffBaseMs?: number;
  /** 20,000 by default. */
  readonly backoffCapMs?: number;
  /** For the address. 10,000 by default. */
  readonly addressTimeoutMs?: number;
  /** From opening the socket to being served. 10,000 by default. */
  readonly connectTimeoutMs?: number;
}

/** The options with nothing left open. */
export interface CompiledOptions extends BackoffOptions {
  readonly address: AddressSource;
  readonly WebSocket: WebSocketClass;
  readonly resume: SavedPositions;
  readonly outboxLimit: number;
  readonly requestsPerSecond: number;
  readonly requestBurst: number;
  readonly dataLimitBytes: number;
  readonly addressTimeoutMs: number;
  readonly connectTimeoutMs: number;
}

const NUMBERS = /* @__PURE__ */ Object.freeze({
  outboxLimit: 1_000,
  // Room is left for acknowledgements and pings, which count as frames too.
  requestsPerSecond: 80,
  requestBurst: 100,
  dataLimitBytes: LIMITS.dataBytes,
  backoffBaseMs: 200,
  backoffCapMs: 20_000,
  addressTimeoutMs: 10_000,
  connectTimeoutMs: 10_000,
});

const OTHERS: readonly string[] = ['address', 'WebSocket', 'resume'];

function bad(message: string): FlotillaError {
  return new FlotillaError('bad_options', message);
}

function compileNumbers(given: Readonly<Record<string, unknown>>): typeof NUMBERS {
  const numbers: Record<string, number> = { ...NUMBERS };
  for (const [name, value] of Object.entries(given)) {
    if (value === undefined || OTHERS.includes(name)) continue;
    if (!Object.hasOwn(NUMBERS, name)) throw bad(`unknown option: ${name}`);
    if (!Number.isInteger(value) || (value as number) < 1) throw bad(`${name} must be an integer of at least 1`);
    numbers[name] = value as number;
  }
  return numbers as unknown as typeof NUMBERS;
}

function checkPositions({ inbox, channels = {} }: SavedPositions): void {
  const all = Object.entries(channels);
  const isRight =
    (inbox === undefined || parsePosition(inbox)) &&
    all.every(([channel, position]) => isChannelName(channel) && parsePosition(position));
  if (!isRight) throw new FlotillaError('bad_position', 'resume holds something else than positions');
}

/**
 * Fills in what is missing.
 *
 * @throws {FlotillaError} bad_options, bad_position
 */
export function compileOptions(given: ConnectOptions): CompiledOptions {
  const { address, resume = {} } = given;
  const platform = globalThis as { readonly WebSocket?: WebSocketClass };
  const WebSocket = given.WebSocket ?? platform.WebSocket;
  if (typeof address !== 'function') throw bad('address must be a function');
  if (typeof WebSocket !== 'function') throw bad('there is no WebSocket here: pass one as an option');
  checkPositions(resume);
  return { address, WebSocket, resume, ...compileNumbers({ ...given }) };
}
