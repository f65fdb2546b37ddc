import type { CallAnswer, CallBegun, CallSignal, Dialling, HangUp, RingAgain } from '../../../src/words.ts';
import { ApiError, call } from '../api.ts';

/** First and longest pause between attempts, in milliseconds. */
const PAUSE_MS = { first: 250, longest: 2_000 };

/** What calls ask of the service. Every call throws `ApiError`. */
export const callsApi = Object.freeze({
  dial: (dialling: Dialling) => call<CallBegun>('POST', '/api/calls/dial', dialling),
  ring: (ring: RingAgain) => call<null>('POST', '/api/calls/ring', ring),
  answer: (answer: CallAnswer) => call<CallBegun>('POST', '/api/calls/answer', answer),
  signal: (signal: CallSignal) => call<null>('POST', '/api/calls/signal', signal),
  sign: (id: string) => call<null>('POST', '/api/calls/sign', { call: id }),
  hangUp: (hangUp: HangUp) => call<null>('POST', '/api/calls/hang-up', hangUp),
  /** For a page that is just being closed: the browser sends it without the page. */
  leave: (hangUp: HangUp) =>
    void navigator.sendBeacon('/api/calls/hang-up', new Blob([JSON.stringify(hangUp)], { type: 'application/json' })),
});

/** Asks again where that makes sense: all that is asked for calls is safe to repeat. @param isWanted - false gives up */
export async function persist<Answer>(ask: () => Promise<Answer>, isWanted: () => boolean): Promise<Answer> {
  for (let pauseMs = PAUSE_MS.first; ; pauseMs = Math.min(2 * pauseMs, PAUSE_MS.longest)) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof ApiError) || error.retryAfterMs === null || !isWanted()) throw error;
      const waitMs = Math.max(pauseMs, error.retryAfterMs);
      await new Promise((resolve) => setTimeout(resolve, waitMs));
    }
  }
}

/** Whether the service says that there is no such call any more. */
export function isOver(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}
