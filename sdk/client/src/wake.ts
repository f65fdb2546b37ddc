/** The parts of a page or a worker that tell when it is worth trying again; none of them need be there. */
interface Surroundings {
  readonly addEventListener?: (type: string, listener: () => void) => void;
  readonly removeEventListener?: (type: string, listener: () => void) => void;
  readonly document?: {
    readonly visibilityState: string;
    addEventListener(type: string, listener: () => void): void;
    removeEventListener(type: string, listener: () => void): void;
  };
}

/**
 * Calls `wake` when the network comes back and when the page is looked at again; the returned function stops that. Where
 * there is neither (Node), nothing happens.
 */
export function onWake(wake: () => void, surroundings: Surroundings = globalThis): () => void {
  const { document } = surroundings;
  const seen = (): void => {
    if (document?.visibilityState === 'visible') wake();
  };
  surroundings.addEventListener?.('online', wake);
  document?.addEventListener('visibilitychange', seen);
  return () => {
    surroundings.removeEventListener?.('online', wake);
    document?.removeEventListener('visibilitychange', seen);
  };
}
