import { FlotillaError } from '@flotilla-im/protocol';
import type { Appended, Durability, LogKey, LogStore } from '@flotilla-im/store';

/**
 * Where a durable message must be before its send resolves, besides the memory of Redis' master. What is not so in time is
 * rejected with `unconfirmed`, never accepted with less: the message is in the log then, may be delivered, and the same call
 * with the same `key` completes it.
 */
export interface DurabilityOptions {
  /** Replicas that have it, at least in memory (WAIT): 0 to 16. Default 0. */
  readonly replicas?: number | undefined;
  /** Whether it is in the master's append-only file, on disk (WAITAOF; needs Redis ≥ 7.2 or Valkey ≥ 8, `appendonly yes`). Default false. */
  readonly fsync?: boolean | undefined;
  /** How long that may take, in milliseconds. Default 1,000. */
  readonly timeoutMs?: number | undefined;
}

const MOST_REPLICAS = 16;
const DEFAULT_TIMEOUT_MS = 1_000;
const NAMES: ReadonlySet<string> = new Set(['replicas', 'fsync', 'timeoutMs']);

/** What is wrong with given options, as the end of a sentence; null when nothing is. By hand, since it may run for each message. */
export function durabilityFault(given: unknown): string | null {
  if (typeof given !== 'object' || given === null) return 'must be an object';
  for (const name in given) if (!NAMES.has(name)) return `takes no ${name}`;
  const { replicas = 0, fsync = false, timeoutMs = DEFAULT_TIMEOUT_MS } = given as Record<string, unknown>;
  const isCount = Number.isInteger(replicas) && Number(replicas) >= 0 && Number(replicas) <= MOST_REPLICAS;
  if (!isCount) return `needs replicas to be a whole number from 0 to ${MOST_REPLICAS}`;
  if (typeof fsync !== 'boolean') return 'needs fsync to be true or false';
  if (typeof timeoutMs !== 'number' || !(timeoutMs > 0)) return 'needs timeoutMs to be a number above 0';
  return null;
}

/** With the defaults; null when nothing is asked for. Options that have a fault are the caller's. */
export function compileDurability(given: DurabilityOptions): Durability | null {
  const { replicas = 0, fsync = false, timeoutMs = DEFAULT_TIMEOUT_MS } = given;
  return replicas === 0 && !fsync ? null : { replicas, fsync, timeoutMs };
}

/** @throws {FlotillaError} bad_options when the store has nowhere else to put a message */
export function checkDurability({ confirm }: Pick<LogStore, 'confirm'>, durability: Durability | null): void {
  if (durability !== null && confirm === null)
    throw new FlotillaError('bad_options', 'durability: a store in memory has neither replicas nor a disk');
}

/**
 * What waits until an append is where it must be; null where nothing more is asked for. Where that cannot be known it rejects
 * with `store_unavailable`: the message may be lost with its master, and appending it again mends that.
 */
export function confirming(
  logs: LogStore,
  log: LogKey,
  durability: Durability | null,
): ((appended: Appended) => Promise<void>) | null {
  if (durability === null) return null;
  return async ({ master }) => logs.confirm?.(log, master, durability);
}
