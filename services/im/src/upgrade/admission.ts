import { FlotillaError } from '@flotilla-im/protocol';
import { createAddressPace } from '../limits/address-pace.ts';
import { addressKey } from '../limits/client-address.ts';
import type { OriginCheck } from '../limits/allowed-origin.ts';
import { createKeyCounter } from '../limits/key-counter.ts';
import type { Pace } from '../limits/pace.ts';
import type { UnderWay } from '../limits/under-way.ts';

/** What a pod is doing. */
export type PodState = 'starting' | 'up' | 'draining';

/** What is known of an arrival before its token. */
export interface Arriving {
  readonly address: string;
  readonly origin: string | undefined;
  /** The shard its path names, or null. */
  readonly shard: number | null;
}

/** What becomes of an arrival. */
export type Admission =
  /** It counts until `release` is called (once), and as one that is being served until it is `welcomed`. */
  | { readonly type: 'admitted'; readonly release: () => void; readonly welcomed: () => void }
  | { readonly type: 'refused'; readonly error: FlotillaError }
  /** There are so many that even telling them would cost too much. */
  | { readonly type: 'dropped'; readonly error: FlotillaError };

/** Decides which arrivals a pod takes, whatever they speak. */
export interface Gate {
  admit(arriving: Arriving): Admission;
  /** Arrivals admitted and not yet released. */
  readonly open: number;
}

/** What a gate needs. */
export interface GateOptions {
  readonly shard: number;
  readonly state: () => PodState;
  readonly isAllowedOrigin: OriginCheck;
  readonly pace: Pace;
  readonly underWay: UnderWay;
  readonly connectionsPerAddress: number;
  /** Arrivals a second from one address. */
  readonly handshakesPerAddress: number;
  readonly connectionsPerPod: number;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  /** Uniform in [0, 1). */
  readonly chance: () => number;
}

/** How soon a pod that has just started is worth another attempt. */
const SOON_MS = 1_000;
/** The same of a pod that is full, or full of one address, at least; as much again by chance. */
const FULL_MS = 5_000;

/** The gate of one pod. */
export function createGate(options: GateOptions): Gate {
  const perAddress = createKeyCounter(options.connectionsPerAddress);
  const addressPace = createAddressPace(options.handshakesPerAddress);
  let open = 0;
  const take = (address: string, laterMs: number): Admission => {
    const key = addressKey(address);
    if (open >= options.connectionsPerPod) return refuse('overloaded', 'the shard is full', laterMs);
    if (!perAddress.take(key)) return refuse('too_many_connections', 'too many connections from this address', laterMs);
    open += 1;
    const settle = options.underWay.begin(options.now());
    return {
      type: 'admitted',
      welcomed: () => settle(true, options.now()),
      release: once(() => {
        open -= 1;
        perAddress.release(key);
        settle(false, options.now());
      }),
    };
  };
  return {
    admit(arriving) {
      const nowMs = options.now();
      // First: what an address has too much of is not taken from what the others have.
      const own = addressPace.arrive(addressKey(arriving.address), nowMs, options.chance);
      if (own.type === 'drop') return { type: 'dropped', error: tooFast(SOON_MS) };
      if (own.type === 'tell') return { type: 'refused', error: tooFast(own.retryAfterMs) };
      const fullForMs = options.underWay.isFull(nowMs) ? Math.max(1, options.underWay.eachMs) : 0;
      const arrival = options.pace.arrive(nowMs, options.chance(), fullForMs);
      if (arrival.type === 'drop') return { type: 'dropped', error: overloaded(SOON_MS) };
      const fault = faultOf(arriving, options);
      if (fault !== null) return { type: 'refused', error: fault };
      if (arrival.type === 'tell') return { type: 'refused', error: overloaded(arrival.retryAfterMs) };
      return take(arriving.address, Math.ceil(FULL_MS * (1 + options.chance())));
    },
    get open() {
      return open;
    },
  };
}

function faultOf(arriving: Arriving, options: GateOptions): FlotillaError | null {
  const { shard } = arriving;
  if (shard !== null && shard !== options.shard) {
    return new FlotillaError('wrong_shard', `this is shard ${options.shard}, not ${shard}`);
  }
  const state = options.state();
  if (state === 'draining') return new FlotillaError('draining', 'this shard is leaving', { retryAfterMs: SOON_MS });
  if (state === 'starting') return new FlotillaError('overloaded', 'this shard is starting', { retryAfterMs: SOON_MS });
  return options.isAllowedOrigin(arriving.origin)
    ? null
    : new FlotillaError('origin_refused', 'this origin may not connect');
}

function overloaded(retryAfterMs: number): FlotillaError {
  return new FlotillaError('overloaded', 'more arrivals than this shard takes a second', { retryAfterMs });
}

function tooFast(retryAfterMs: number): FlotillaError {
  return new FlotillaError('rate_limited', 'too many arrivals from this address', { retryAfterMs });
}

function refuse(code: 'overloaded' | 'too_many_connections', message: string, retryAfterMs: number): Admission {
  return { type: 'refused', error: new FlotillaError(code, message, { retryAfterMs }) };
}

function once(action: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    action();
  };
}
