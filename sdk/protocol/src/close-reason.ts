import { utf8Bytes } from './hash.ts';
import { LIMITS } from './limits.ts';

/** What a client does after a close: `again` (with a fresh address, after a wait) or `end` (not by itself). */
export type AfterClose = 'again' | 'end';

/** What a client does after a close with this code, listed or not: 45xx end, everything else comes again. */
export function afterClose(code: number): AfterClose {
  return code >= 4500 && code < 4600 ? 'end' : 'again';
}

/** What a close reason says. */
export interface CloseReason {
  /** An error code, or the `reason` of the close code's row; for 4500 whatever the business wrote. */
  readonly reason: string;
  /** For people. */
  readonly sentence?: string | undefined;
  /** Milliseconds to wait before coming again. */
  readonly retryAfterMs?: number | undefined;
}

function cutToBytes(text: string, most: number): string {
  const points = Array.from(text.slice(0, most + 1).toWellFormed());
  while (utf8Bytes(points.join('')) > most) points.pop();
  return points.join('');
}

/**
 * The text of a close frame, `reason[: sentence][ retry-after-ms=n]`, at most 123 bytes; what is too long is cut from the
 * sentence (and a long reason at its end), never from the time.
 */
export function formatCloseReason({ reason, sentence, retryAfterMs }: CloseReason): string {
  const tail = retryAfterMs === undefined ? '' : ` retry-after-ms=${Math.ceil(retryAfterMs)}`;
  const text = sentence === undefined ? reason : `${reason}: ${sentence}`;
  return cutToBytes(text, LIMITS.closeReasonBytes - tail.length) + tail;
}

/** Reads the text of a close frame; any text is one. */
export function parseCloseReason(text: string): CloseReason {
  const wait = / ?retry-after-ms=(\d{1,9})$/.exec(text);
  const rest = wait ? text.slice(0, wait.index) : text;
  const [, reason = rest, sentence] = /^([a-z0-9_]+)(?:: (.*))?$/s.exec(rest) ?? [];
  return {
    reason,
    ...(sentence === undefined ? {} : { sentence }),
    ...(wait ? { retryAfterMs: Number(wait[1]) } : {}),
  };
}
