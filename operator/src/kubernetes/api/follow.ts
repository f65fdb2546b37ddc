import { sleep } from '../../sleep.ts';
import { ApiError, failureOf, hasStatus } from './api-error.ts';
import type { KubernetesObject, Watchable, WatchLine } from './resource.ts';

/** What happened to a followed collection. */
export type Happening<T> =
  /** Everything there is; replaces whatever was known. */
  | { readonly type: 'listed'; readonly items: readonly T[]; readonly resourceVersion: string }
  | { readonly type: 'changed' | 'gone'; readonly object: T }
  /** The connection lives, and nothing is new. */
  | { readonly type: 'heard' }
  /** What is known may be outdated from now on, until the next happening of another kind. */
  | { readonly type: 'lost'; readonly error: unknown };

/** How a collection is followed; times in milliseconds. */
export interface FollowOptions {
  /** Ends it. */
  readonly signal: AbortSignal;
  /** A watch ends and everything is listed again after this long, give or take a fifth. */
  readonly relistMs: number;
  /** A watch that brings neither an event nor a bookmark for this long is given up: the connection may be dead. */
  readonly idleMs: number;
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
  readonly nowMs: () => number;
  /** Chance in [0, 1). */
  readonly random: () => number;
}

/**
 * Follows a collection for ever: lists it, watches from there, lists again after a while, and whenever the server says that
 * it has forgotten the version (410, as a status or inside of the watch). Failures end nothing: it tries again after a
 * pause that doubles, honours Retry-After, and is forgotten when something arrives. **Listing again is what makes it
 * right; the watch makes it fast.** Never throws; ends with the signal.
 */
export async function* follow<T extends KubernetesObject>(
  source: Watchable<T>,
  options: FollowOptions,
): AsyncGenerator<Happening<T>, void> {
  const pace = createPace(options);
  while (!options.signal.aborted) {
    try {
      const { items, resourceVersion } = await source.list(options.signal);
      yield { type: 'listed', items, resourceVersion };
      yield* watchOn(source, resourceVersion, options, pace);
    } catch (error) {
      if (isAborted(options.signal)) return;
      yield { type: 'lost', error };
      await pace.failed(error);
    }
  }
}

/** Watches one version after the other until it is time to list again; returns then, and when the version is forgotten. */
async function* watchOn<T extends KubernetesObject>(
  source: Watchable<T>,
  listed: string,
  options: FollowOptions,
  pace: Pace,
): AsyncGenerator<Happening<T>, void> {
  const relistAtMs = options.nowMs() + options.relistMs * (0.8 + 0.4 * options.random());
  let resourceVersion = listed;
  let failures = 0;
  while (failures < WATCHES_BEFORE_LISTING && options.nowMs() < relistAtMs) {
    const begunMs = options.nowMs();
    let heard = 0;
    try {
      for await (const line of watchOnce(source, { resourceVersion, relistAtMs }, options)) {
        if (line === null) {
          yield { type: 'heard' };
          continue;
        }
        if (line.type === 'ERROR') throw inBand(line.object);
        heard += 1;
        [failures, resourceVersion] = [0, line.object.metadata?.resourceVersion ?? resourceVersion];
        pace.succeeded();
        yield happeningOf(line);
      }
      if (isAborted(options.signal)) return;
      // A server that hangs up at once, over and over, would be asked without end.
      if (heard === 0 && options.nowMs() - begunMs < options.minBackoffMs) throw new Error('watch ended at once');
    } catch (error) {
      if (isAborted(options.signal) || options.nowMs() >= relistAtMs) return;
      yield { type: 'lost', error };
      await pace.failed(error);
      if (hasStatus(error, 410)) return;
      failures += 1;
    }
  }
}

/** After so many watches in a row that brought nothing, the fault may be the version they ask for. */
const WATCHES_BEFORE_LISTING = 3;

/** One watch: null when the server has accepted it, then its lines. Given up when nothing arrives, or when its time is over. */
async function* watchOnce<T>(
  source: Watchable<T>,
  { resourceVersion, relistAtMs }: { readonly resourceVersion: string; readonly relistAtMs: number },
  { signal, idleMs, nowMs }: FollowOptions,
): AsyncGenerator<WatchLine<T> | null, void> {
  const leftMs = Math.max(1_000, relistAtMs - nowMs());
  const end = new AbortController();
  const giveUp = (): void => end.abort(new DOMException('nothing was heard', 'TimeoutError'));
  const idle = setTimeout(giveUp, idleMs);
  // The server is to end it; one that does not is not waited for.
  const over = setTimeout(giveUp, leftMs + 2_000);
  try {
    const from = { resourceVersion, timeoutSeconds: Math.ceil(leftMs / 1_000) };
    const lines = await source.watch(from, AbortSignal.any([signal, end.signal]));
    yield null;
    for await (const line of lines) {
      idle.refresh();
      yield line;
    }
  } finally {
    clearTimeout(idle);
    clearTimeout(over);
  }
}

function happeningOf<T>({ type, object }: WatchLine<T>): Happening<T> {
  if (type === 'BOOKMARK') return { type: 'heard' };
  return { type: type === 'DELETED' ? 'gone' : 'changed', object };
}

/** A failure told inside of a watch is a Status object. */
function inBand(status: unknown): ApiError {
  const { code, message, details } = status as {
    readonly code?: number;
    readonly message?: string;
    readonly details?: { readonly retryAfterSeconds?: number };
  };
  const seconds = details?.retryAfterSeconds;
  return new ApiError(
    code ?? 0,
    `watch: ${code ?? ''} ${message ?? ''}`,
    seconds === undefined ? null : seconds * 1_000,
  );
}

interface Pace {
  /** Waits: longer with each failure in a row, and at least as long as the server asked for. */
  failed(error: unknown): Promise<void>;
  succeeded(): void;
}

/** A server may ask for more patience than is good for anybody: at most this is given, milliseconds. */
const LONGEST_RETRY_AFTER_MS = 60_000;

function createPace({ minBackoffMs, maxBackoffMs, random, signal }: FollowOptions): Pace {
  let failures = 0;
  return {
    async failed(error) {
      const longest = Math.min(maxBackoffMs, minBackoffMs * 2 ** Math.min(failures, 20));
      failures += 1;
      const asked = Math.min(failureOf(error).retryAfterMs ?? 0, LONGEST_RETRY_AFTER_MS);
      await sleep(Math.max(asked, longest * (0.5 + random() / 2)), signal);
    },
    succeeded: () => (failures = 0),
  };
}

/** A function, so that what it said before an await is not taken for granted after it. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
