import {
  type CompiledMap,
  encodeData,
  FlotillaError,
  type Grants,
  isDeviceName,
  LIMITS,
  ownerOf,
  parseClientId,
  parseGrants,
  parseSlowReader,
  type ShardEntry,
  type SlowReader,
  socketIoAddress,
  webSocketUrl,
} from '@flotilla-im/protocol';
import type { Store } from '@flotilla-im/store';
import * as v from 'valibot';
import type { CallOptions } from '../calls/call-options.ts';
import type { Calls } from '../calls/calls.ts';
import { CALL_ENTRIES, parseOptions } from '../calls/parse-options.ts';
import type { MapCache } from '../fleet/map-cache.ts';
import { issueToken, type TokenContent } from '../tokens/issue-token.ts';
import type { TokenKeys } from '../tokens/token-keys.ts';
import type { ConnectInfo, ConnectOptions, DisconnectOptions } from './connect-info.ts';

/** Longest close reason: a close frame holds 123 bytes, some of them for the code. */
const REASON_BYTES = 100;
/** When a client that found no shard may ask again. */
const NO_SHARDS_RETRY_MS = 1_000;

const positive = v.optional(v.pipe(v.number('must be a number'), v.gtValue(0, 'must be above 0')));
const flag = v.optional(v.boolean('must be true or false'));

const CONNECT_ENTRIES = {
  ...CALL_ENTRIES,
  device: v.optional(v.custom<string>(isDeviceName, 'must be a name of 1 to 128 bytes without lone surrogates')),
  metadata: v.optional(v.unknown()),
  grants: v.optional(v.unknown()),
  slowReader: v.optional(v.unknown()),
  replace: flag,
  sessionExpiresAt: v.optional(
    v.pipe(
      v.union([v.pipe(v.number(), v.finite()), v.date()], 'must be milliseconds since 1970 or a date'),
      v.transform((at) => Number(at)),
    ),
  ),
  ttlMs: positive,
};

const reason = v.pipe(
  v.string('must be a text'),
  v.check(
    (text) => text.isWellFormed() && Buffer.byteLength(text) <= REASON_BYTES,
    `must be at most ${REASON_BYTES} bytes`,
  ),
);
const DISCONNECT_ENTRIES = {
  ...CALL_ENTRIES,
  reason: v.optional(reason),
  connection: v.optional(v.pipe(v.string('must be a text'), v.minLength(1, 'must not be empty'))),
  refuseTokensBefore: flag,
};

/** What connecting needs of its instance. */
export interface ConnectorParts {
  readonly store: Pick<Store, 'presence'>;
  readonly calls: Calls;
  readonly maps: MapCache;
  /** null: none were given. */
  readonly keys: TokenKeys | null;
  readonly cluster: string;
  readonly tokenTtlMs: number;
}

/** Addresses, and what can be done to connections. */
export class Connector {
  readonly #parts: ConnectorParts;

  constructor(parts: ConnectorParts) {
    this.#parts = parts;
  }

  /** See `Flotilla.connectInfo`. */
  async connectInfo(clientId: string, options?: ConnectOptions): Promise<ConnectInfo> {
    const { calls, keys, cluster, tokenTtlMs } = this.#parts;
    const sub = parseClientId(clientId);
    const given = parseOptions(CONNECT_ENTRIES, options, 'connectInfo');
    const deadline = calls.begin({ signal: given.signal, deadlineMs: given.deadlineMs });
    const content = contentOf(
      { aud: cluster, sub },
      {
        ...given,
        grants: grantsOf(given.grants),
        slowReader: slowReaderOf(given.slowReader),
      },
    );
    if (keys === null) throw new FlotillaError('bad_options', 'connectInfo needs createFlotilla to be given tokenKeys');
    const shard = await calls.watch.settle(this.#ownerOf(sub), deadline);
    const ttlMs = given.ttlMs ?? tokenTtlMs;
    const issued = await calls.watch.settle(
      issueToken(keys, content, { ttlMs, nowMs: calls.timing.wallMs() }),
      deadline,
    );
    return { url: webSocketUrl(shard.url), ...issued, shard: shard.id, socketIo: socketIoAddress(shard.url) };
  }

  /** See `Flotilla.disconnect`. */
  async disconnect(clientId: string, options?: DisconnectOptions): Promise<number> {
    const id = parseClientId(clientId);
    const {
      signal,
      deadlineMs,
      reason: text = 'disconnected',
      ...rest
    } = parseOptions(DISCONNECT_ENTRIES, options, 'disconnect');
    const { connection, refuseTokensBefore } = rest;
    const request = {
      reason: text,
      ...(connection === undefined ? {} : { connection }),
      ...(refuseTokensBefore === undefined ? {} : { refuseTokensBefore }),
    };
    return this.#parts.calls.run({ signal, deadlineMs }, async () => {
      const named = await this.#parts.store.presence.requestDisconnect(id, request);
      if (refuseTokensBefore === true) await anotherMillisecond();
      return named;
    });
  }

  /** See `Flotilla.setGrants`. */
  async setGrants(clientId: string, grants: Grants | null, options?: CallOptions): Promise<void> {
    const id = parseClientId(clientId);
    const checked = grants === null ? null : parseGrants(grants);
    return this.#parts.calls.run(options, async () => {
      await this.#parts.store.presence.setGrants(id, checked);
      await anotherMillisecond();
    });
  }

  async #ownerOf(clientId: string): Promise<ShardEntry> {
    const { maps } = this.#parts;
    const known = ownerIn(maps, clientId);
    if (known) return known;
    await maps.refresh();
    const owner = ownerIn(maps, clientId);
    if (owner) return owner;
    throw new FlotillaError('no_shards', 'no shard is up at the moment', { retryAfterMs: NO_SHARDS_RETRY_MS });
  }
}

/**
 * Waits until the clock shows another millisecond. Tokens tell their birth in milliseconds, and one of the very millisecond
 * of a disconnect or of new grants counts as older; a token made after the answer must not.
 */
async function anotherMillisecond(): Promise<void> {
  const at = Date.now();
  while (Date.now() === at) await new Promise((resolve) => setTimeout(resolve, 1));
}

function ownerIn(
  { problem, current }: { problem: FlotillaError | null; current: CompiledMap | null },
  clientId: string,
) {
  if (problem) throw problem;
  return current && ownerOf(current, clientId);
}

function grantsOf(grants: unknown): Grants | undefined {
  return grants === undefined ? undefined : parseGrants(grants);
}

function slowReaderOf(slowReader: unknown): SlowReader | undefined {
  return slowReader === undefined ? undefined : parseSlowReader(slowReader);
}

type Claims = Pick<ConnectOptions, 'device' | 'metadata' | 'grants' | 'slowReader' | 'replace'> & {
  readonly sessionExpiresAt?: number | undefined;
};

function contentOf(subject: { aud: string; sub: string }, claims: Claims): TokenContent {
  const { device, metadata, grants, slowReader, replace, sessionExpiresAt } = claims;
  if (metadata !== undefined) encodeData(metadata, LIMITS.metadataBytes);
  return {
    ...subject,
    ...(device === undefined ? {} : { device }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(grants === undefined ? {} : { grants }),
    ...(slowReader === undefined ? {} : { slowReader }),
    ...(replace === true ? { replace } : {}),
    ...(sessionExpiresAt === undefined ? {} : { sessionExpiresAt }),
  };
}
