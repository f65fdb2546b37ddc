import { setTimeout as wait } from 'node:timers/promises';
import type { Flotilla } from '@flotilla-im/sdk';
import type { FastifyInstance } from 'fastify';
import type { IceServer } from '../words.ts';
import { addCallRoutes } from './call-routes.ts';
import { FlotillaCalls } from './calls.ts';
import { createDropped, followDepartures } from './dropped.ts';
import { createLastPage } from './last-page.ts';
import { createStandingCalls } from './standing-calls.ts';

/** What calls need of the service. */
export interface AddCallsDeps {
  readonly flotilla: Flotilla;
  readonly iceServers: readonly IceServer[];
  readonly onError: (error: unknown) => void;
  /** By the wall clock, in milliseconds since 1970. */
  readonly wallMs: () => number;
  /** Monotonic. */
  readonly nowMs: () => number;
}

/** Calls between two people; closing the app ends what they began. */
export function addCalls(app: FastifyInstance, { flotilla, iceServers, onError, wallMs, nowMs }: AddCallsDeps): void {
  const dropped = createDropped(flotilla);
  const standing = createStandingCalls(flotilla, wallMs);
  const calls = new FlotillaCalls({ flotilla, standing, dropped, wallMs, wait });
  const listening = followDepartures(flotilla, dropped, calls, onError);
  const ending = new AbortController();
  const pageClosed = createLastPage({
    ...{ flotilla, calls, wallMs },
    wait: (ms) => wait(ms, undefined, { signal: ending.signal }),
    onError: (error) => ending.signal.aborted || onError(error),
  });
  app.addHook('preClose', () => {
    ending.abort();
    return listening.close();
  });
  addCallRoutes(app, { calls, dropped, pageClosed, iceServers, nowMs });
}
