import { createRedisStore, type Store } from '@flotilla-im/store';
import { CALL_BACKOFF, pauseMs } from './calls/backoff.ts';
import { abortedError } from './calls/deadline-watch.ts';
import { knownError } from './calls/known-error.ts';
import { SYSTEM_TIMING } from './calls/timing.ts';
import { compileOptions, type CompiledOptions } from './compiled-options.ts';
import { ConnectedFlotilla } from './connected-flotilla.ts';
import type { Flotilla } from './flotilla.ts';
import type { FlotillaOptions } from './options.ts';
import { checkDurability } from './send/durability.ts';
import { loadTokenKeys } from './tokens/token-keys.ts';

/**
 * Connects to a cluster.
 *
 * @throws {FlotillaError} bad_options naming every fault; store_unavailable when Redis cannot be reached within
 * `deadlineMs` (unless `waitForStore`); store_unsupported when it is too old, may evict keys or refuses the password
 */
export async function createFlotilla(options: FlotillaOptions): Promise<Flotilla> {
  const compiled = compileOptions(options);
  const keys = compiled.tokenKeys === null ? null : await loadTokenKeys(compiled.tokenKeys);
  const ownsStore = !('store' in compiled.source);
  if ('store' in compiled.source) checkDurability(compiled.source.store.logs, compiled.durability);
  const store = await openStore(compiled);
  const flotilla = new ConnectedFlotilla({ store, ownsStore, keys, timing: SYSTEM_TIMING }, compiled);
  await flotilla.start();
  return flotilla;
}

async function openStore(options: CompiledOptions): Promise<Store> {
  const { source, signal } = options;
  if ('store' in source) return source.store;
  for (let failed = 0; ; failed += 1) {
    if (signal?.aborted) throw abortedError(signal);
    try {
      return await abortable(connectStore(options, source), signal);
    } catch (thrown) {
      const error = knownError(thrown);
      if (!options.waitForStore || error.code !== 'store_unavailable') throw error;
      await SYSTEM_TIMING.wait(pauseMs(failed, CALL_BACKOFF, SYSTEM_TIMING.random()), signal);
    }
  }
}

function connectStore(options: CompiledOptions, source: { url: string; password: string | null }): Promise<Store> {
  const { cluster, deadlineMs } = options;
  const { url, password } = source;
  return createRedisStore({ url, cluster, connectTimeoutMs: deadlineMs, ...(password === null ? {} : { password }) });
}

/** Waits no longer than the signal allows; a store that opens after that is closed again. */
async function abortable(opening: Promise<Store>, signal: AbortSignal | undefined): Promise<Store> {
  if (!signal) return opening;
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(abortedError(signal));
    signal.addEventListener('abort', onAbort, { once: true });
  });
  try {
    return await Promise.race([opening, aborted]);
  } catch (error) {
    void opening.then((store) => store.close()).catch(() => undefined);
    throw error;
  } finally {
    if (onAbort) signal.removeEventListener('abort', onAbort);
  }
}
