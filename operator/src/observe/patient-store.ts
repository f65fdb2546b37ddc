import { FlotillaError, isFlotillaError } from '@flotilla-im/protocol';
import { sleep } from '../sleep.ts';
import type { SharedState } from './observe.ts';

/** A store that is connected to in the background, for as long as that takes. */
export interface PatientStore extends SharedState {
  /** Settles with the first attempt, however that went. */
  readonly attempted: Promise<void>;
  close(): Promise<void>;
}

/** A shared state that has to be closed in the end. */
export interface ConnectedStore extends SharedState {
  close(): Promise<void>;
}

/** How a patient store goes about it. */
export interface PatientStoreOptions {
  /** One attempt to connect. */
  readonly connect: () => Promise<ConnectedStore>;
  /** An attempt failed for a reason that no waiting will mend: too old, wrong password, evicting. Attempts end. */
  readonly onFatal: (error: unknown) => void;
  /** Between attempts, milliseconds. */
  readonly retryMs: number;
  readonly nowMs: () => number;
}

/**
 * A store that may be away when the operator starts: until the first connection it is simply not healthy, which the
 * operator knows how to live with; afterwards it mends its connection itself.
 */
export function createPatientStore(options: PatientStoreOptions): PatientStore {
  const sinceMs = options.nowMs();
  const end = new AbortController();
  const { promise: attempted, resolve: tried } = Promise.withResolvers<undefined>();
  let store: ConnectedStore | null = null;
  let failure: Error = new FlotillaError('store_unavailable', 'not connected yet');
  const connecting = connectPatiently(options, end.signal, (error) => {
    failure = error instanceof Error ? error : new Error(String(error));
    tried(undefined);
  }).then((connected) => {
    store = connected;
    tried(undefined);
  });
  const connected = (): Promise<ConnectedStore> =>
    // Whatever an attempt failed with is what a caller sees.
    store === null ? Promise.reject(failure) : Promise.resolve(store);
  return {
    attempted,
    leases: { list: async () => (await connected()).leases.list() },
    map: {
      read: async () => (await connected()).map.read(),
      publish: async (map) => (await connected()).map.publish(map),
    },
    health: () => store?.health() ?? { isHealthy: false, sinceMs },
    async close() {
      end.abort();
      await connecting;
      await store?.close();
    },
  };
}

async function connectPatiently(
  { connect, onFatal, retryMs }: PatientStoreOptions,
  signal: AbortSignal,
  onFailure: (error: unknown) => void,
): Promise<ConnectedStore | null> {
  while (!signal.aborted) {
    try {
      return await connect();
    } catch (error) {
      onFailure(error);
      if (isFlotillaError(error) && !error.retryable) {
        onFatal(error);
        return null;
      }
      await sleep(retryMs, signal);
    }
  }
  return null;
}
