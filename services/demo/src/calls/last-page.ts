import type { Flotilla } from '@flotilla-im/sdk';
import type { Calls } from './calls.ts';

/** A page that is loaded anew is connected again by then. */
const BACK_WITHIN_MS = 3_000;

/** What this needs. */
export interface LastPageDeps {
  readonly flotilla: Pick<Flotilla, 'presence'>;
  readonly calls: Pick<Calls, 'wentAway'>;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  /** Rejects when the service ends. */
  readonly wait: (ms: number) => Promise<void>;
  /** Hears of what could not be done: it is done when Flotilla says `offline`. */
  readonly onError: (error: unknown) => void;
}

/**
 * Ends the calls of who closed their last page, soon. Flotilla tells that somebody is offline only after its reconnect grace,
 * since it cannot know that nobody will come: so long nobody should ring in vain. Who has another page open stays in all
 * of their calls.
 *
 * @returns what hears that a page was closed
 */
export function createLastPage({ flotilla, calls, wallMs, wait, onError }: LastPageDeps): (clientId: string) => void {
  const settle = async (clientId: string): Promise<void> => {
    await wait(BACK_WITHIN_MS);
    // A call that was dialled since, before the shard saw the connection go, rings in vain as well.
    const at = wallMs();
    const open = await flotilla.presence.connections(clientId);
    if (open.length === 0) await calls.wentAway(clientId, at, 'hung_up');
  };
  return (clientId) => void settle(clientId).catch(onError);
}
