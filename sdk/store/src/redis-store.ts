import { createKeys } from './keys.ts';
import { compileLogLimits, type LogLimits } from './log-limits.ts';
import { createRedisChannelStore } from './redis-channels.ts';
import { RedisConfirmations } from './redis-confirm.ts';
import { createRedisEventStore } from './redis-events.ts';
import { createRedisLeaseStore } from './redis-lease.ts';
import { createRedisLogStore } from './redis-log.ts';
import { createRedisMapStore } from './redis-map.ts';
import { createRedisNotifyBus } from './redis-notify.ts';
import { createRedisPresenceStore } from './redis-presence.ts';
import { openRedisConnection } from './redis/connection.ts';
import { parseRedisUrl } from './redis/url.ts';
import { compileStateOptions, type StateOptions } from './state-options.ts';
import type { Store } from './store.ts';

/** A store in Redis, one server, Sentinel or Cluster. */
export interface RedisStoreOptions {
  /** See `parseRedisUrl` for its forms. */
  readonly url: string;
  readonly cluster: string;
  /** Instead of the URL's, for passwords that come from a file. */
  readonly password?: string;
  /** How long a command may take; default 2,000. */
  readonly commandTimeoutMs?: number;
  /** How long connecting may take until it is given up; default 5,000. */
  readonly connectTimeoutMs?: number;
  readonly logs?: Partial<LogLimits>;
  readonly state?: StateOptions;
}

/**
 * Connects to the shared state and checks it.
 *
 * @throws {FlotillaError} bad_options for a URL or cluster name that cannot be; store_unavailable when Redis cannot be
 * reached; store_unsupported when it is too old, evicts keys, or refuses the credentials.
 */
export async function createRedisStore(options: RedisStoreOptions): Promise<Store> {
  const { cluster, password, commandTimeoutMs = 2_000, connectTimeoutMs = 5_000 } = options;
  const parsed = parseRedisUrl(options.url);
  const target = password === undefined ? parsed : { ...parsed, password };
  const state = compileStateOptions(options.state);
  const open = () => openRedisConnection({ target, keys: createKeys(cluster), commandTimeoutMs, connectTimeoutMs });
  const connection = await open();
  const confirmations = new RedisConfirmations(open, commandTimeoutMs);
  const notify = createRedisNotifyBus(connection);
  const { channels, settleUnfinished } = createRedisChannelStore(connection, state);
  return {
    cluster,
    logs: createRedisLogStore(connection, confirmations, compileLogLimits(options.logs), state.streams.receipts),
    notify,
    presence: createRedisPresenceStore(connection, state, settleUnfinished),
    channels,
    events: createRedisEventStore(connection, state),
    leases: createRedisLeaseStore(connection),
    map: createRedisMapStore(connection),
    warnings: connection.warnings,
    health: () => connection.health.current,
    async close(timeoutMs = 2_000) {
      notify.close();
      await Promise.all([connection.close(timeoutMs), confirmations.close(timeoutMs)]);
    },
  };
}
