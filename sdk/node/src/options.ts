import type { Store } from '@flotilla-im/store';
import type { DurabilityOptions } from './send/durability.ts';
import type { SendHook } from './send/on-send.ts';
import type { TokenKeySet } from './tokens/key-set.ts';

/** What `createFlotilla` takes. Either `redis` or `store`. */
export interface FlotillaOptions {
  /**
   * Address of Redis ≥ 7.0 or Valkey: `redis://host:port/db`, `rediss://…`, `redis+cluster://h1,h2`,
   * `redis+sentinel://h1,h2/db?master=name`. A password may stand in it or in `redisPassword`.
   */
  readonly redis?: string | undefined;
  /** Kept out of the address, so that the address can be logged. */
  readonly redisPassword?: string | undefined;
  /** A store made elsewhere, for example `createMemoryStore`; `close` leaves it open. */
  readonly store?: Store | undefined;
  /** Name of the cluster, the tokens' audience. Default `flotilla`. */
  readonly cluster?: string | undefined;
  /** Path of a JWKS file (reread when it changes), or the keys. First signs. Needed for `connectInfo` only. */
  readonly tokenKeys?: string | TokenKeySet | undefined;
  /** Default for every call, in milliseconds. Default 5,000. */
  readonly deadlineMs?: number | undefined;
  /** How long an address can be used to connect, in milliseconds. Default 10,000. */
  readonly tokenTtlMs?: number | undefined;
  /** Largest serialised `data`, in bytes. Default 65,536; the shards have their own limit for what clients send. */
  readonly maxDataBytes?: number | undefined;
  /** Where durable messages must be before their sends resolve, besides the memory of Redis' master. Default: nowhere else. */
  readonly durability?: DurabilityOptions | undefined;
  /** Default false: a store that cannot be reached within `deadlineMs` rejects with `store_unavailable`. True: waits for it. */
  readonly waitForStore?: boolean | undefined;
  /** Ends the waiting at start. */
  readonly signal?: AbortSignal | undefined;
  /** The first send hook; see `Flotilla.onSend`. */
  readonly onSend?: SendHook | undefined;
}
