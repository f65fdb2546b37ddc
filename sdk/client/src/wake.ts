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

/** What a page makes its connection do. */
export interface PageActions {
  /** The network came back, or the page is looked at again. */
  readonly wake: () => void;
  /** The page is hidden: the last that is heard of one that is closed. */
  readonly rest: () => void;
}

/** Calls an action whenever it is due; the returned function stops that. Where there is no page (Node), nothing happens. */
export function onWake({ wake, rest }: PageActions, given: object = globalThis): () => void {
  // Not all platforms that this compiles for have types for these parts.
  const surroundings: Surroundings = given;
  const { document } = surroundings;
  const seen = (): void => {
    if (document?.visibilityState === 'visible') wake();
    else rest();
  };
  surroundings.addEventListener?.('online', wake);
  document?.addEventListener('visibilitychange', seen);
  return () => {
    surroundings.removeEventListener?.('online', wake);
    document?.removeEventListener('visibilitychange', seen);
  };
}
