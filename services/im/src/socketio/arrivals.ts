import type { IncomingMessage } from 'node:http';
import type { FlotillaError } from '@flotilla-im/protocol';

/** What is known of an Engine.IO connection before its CONNECT. */
export interface EngineArrival {
  readonly address: string;
  /** Monotonic milliseconds. */
  readonly arrivedAtMs: number;
  /** Why it is not served, to be told at CONNECT; null when it is. */
  readonly refusal: FlotillaError | null;
  readonly release: () => void;
}

/** Keeps what is known of arrivals by the request that opened them, as long as somebody holds the request. */
export interface Arrivals {
  /** `ended` is called once the connection under the handshake is closed: an arrival no engine took is released then. */
  add(request: IncomingMessage, arrival: EngineArrival): { readonly ended: () => void };
  /** The engine has taken it: from now on it is released with the engine's connection. */
  take(request: IncomingMessage): EngineArrival | null;
  /** Of a connection that was taken. */
  get(request: IncomingMessage): EngineArrival | null;
}

/** No arrivals yet. */
export function createArrivals(): Arrivals {
  const known = new WeakMap<IncomingMessage, { readonly arrival: EngineArrival; isTaken: boolean }>();
  return {
    add(request, arrival) {
      const entry = { arrival, isTaken: false };
      known.set(request, entry);
      return {
        ended: () => {
          if (!entry.isTaken) arrival.release();
        },
      };
    },
    take(request) {
      const entry = known.get(request);
      if (entry === undefined) return null;
      entry.isTaken = true;
      return entry.arrival;
    },
    get: (request) => known.get(request)?.arrival ?? null,
  };
}
