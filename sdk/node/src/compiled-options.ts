import { FlotillaError, LIMITS } from '@flotilla-im/protocol';
import type { Durability, Store } from '@flotilla-im/store';
import * as v from 'valibot';
import { CALL_ENTRIES, parseOptions, wholeNumber } from './calls/parse-options.ts';
import type { FlotillaOptions } from './options.ts';
import { compileDurability, durabilityFault, type DurabilityOptions } from './send/durability.ts';
import type { SendHook } from './send/on-send.ts';
import type { TokenKeySet } from './tokens/key-set.ts';

/** Options with every default filled in. */
export interface CompiledOptions {
  /** Where the shared state is: a store made elsewhere, or an address. */
  readonly source: { readonly store: Store } | { readonly url: string; readonly password: string | null };
  readonly cluster: string;
  readonly tokenKeys: string | TokenKeySet | null;
  readonly deadlineMs: number;
  readonly tokenTtlMs: number;
  readonly maxDataBytes: number;
  /** null: accepted is what Redis' master has. */
  readonly durability: Durability | null;
  readonly waitForStore: boolean;
  readonly signal: AbortSignal | undefined;
  readonly onSend: SendHook | null;
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null;
const text = v.optional(v.pipe(v.string('must be a text'), v.minLength(1, 'must not be empty')));

const ENTRIES = {
  ...CALL_ENTRIES,
  redis: text,
  redisPassword: text,
  store: v.optional(v.custom<Store>(isObject, 'must be a store')),
  cluster: v.optional(
    v.pipe(
      v.string('must be a text'),
      v.regex(/^[A-Za-z0-9_.-]{1,64}$/, 'must be 1 to 64 letters, digits, "_", "." or "-"'),
    ),
  ),
  tokenKeys: v.optional(
    v.custom<string | TokenKeySet>(
      (value) => (typeof value === 'string' && value !== '') || isObject(value),
      'must be a path or a key set',
    ),
  ),
  tokenTtlMs: wholeNumber(1),
  maxDataBytes: wholeNumber(1),
  durability: v.optional(
    v.custom<DurabilityOptions>(
      (value) => durabilityFault(value) === null,
      ({ input }) => durabilityFault(input) ?? '',
    ),
  ),
  waitForStore: v.optional(v.boolean('must be true or false')),
  onSend: v.optional(v.custom<SendHook>((value) => typeof value === 'function', 'must be a function')),
};

const DEFAULT_DEADLINE_MS = 5_000;
const DEFAULT_CLUSTER = 'flotilla';

/**
 * Checks what was given and fills in the defaults.
 *
 * @throws {FlotillaError} bad_options naming every fault
 */
export function compileOptions(given: FlotillaOptions): CompiledOptions {
  const options = parseOptions(ENTRIES, given, 'createFlotilla');
  return {
    source: sourceOf(options),
    cluster: clusterOf(options),
    tokenKeys: options.tokenKeys ?? null,
    deadlineMs: options.deadlineMs ?? DEFAULT_DEADLINE_MS,
    tokenTtlMs: options.tokenTtlMs ?? LIMITS.tokenTtlMs,
    maxDataBytes: options.maxDataBytes ?? LIMITS.dataBytes,
    durability: compileDurability(options.durability ?? {}),
    waitForStore: options.waitForStore ?? false,
    signal: options.signal,
    onSend: options.onSend ?? null,
  };
}

function sourceOf({ redis, redisPassword, store }: FlotillaOptions): CompiledOptions['source'] {
  if ((redis === undefined) === (store === undefined)) {
    throw new FlotillaError('bad_options', 'createFlotilla: give either redis or store');
  }
  if (store !== undefined) return { store };
  return { url: redis ?? '', password: redisPassword ?? null };
}

function clusterOf({ cluster, store }: FlotillaOptions): string {
  if (store && cluster !== undefined && cluster !== store.cluster) {
    throw new FlotillaError(
      'bad_options',
      `createFlotilla: the store belongs to the cluster ${store.cluster}, not ${cluster}`,
    );
  }
  return cluster ?? store?.cluster ?? DEFAULT_CLUSTER;
}
