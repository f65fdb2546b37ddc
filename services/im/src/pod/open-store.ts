import { readFile } from 'node:fs/promises';
import { ConfigError } from '@flotilla-im/environment';
import { type Store, createRedisStore } from '@flotilla-im/store';
import type { ShardConfig } from '../config/config.ts';

/** One attempt; the start repeats it. */
const CONNECT_MS = 2_000;

/**
 * Connects to Redis and checks it.
 *
 * @throws {FlotillaError} store_unavailable, store_unsupported
 */
export async function openStore(config: ShardConfig, password: string | null): Promise<Store> {
  const { limits } = config;
  return await createRedisStore({
    url: config.redisUrl,
    cluster: config.cluster,
    ...(password === null ? {} : { password }),
    connectTimeoutMs: CONNECT_MS,
    logs: { maxAgeMs: limits.logAgeMs, maxCount: limits.logMessages, maxBytes: limits.logBytes },
    state: { graceMs: limits.reconnectGraceMs },
  });
}

/**
 * Reads the password of Redis, if it is in a file.
 *
 * @throws {ConfigError} when the file cannot be read
 */
export async function readPassword(config: ShardConfig): Promise<string | null> {
  if (config.redisPasswordFile === null) return null;
  try {
    return (await readFile(config.redisPasswordFile, 'utf8')).trim();
  } catch (error) {
    const { code = 'unreadable' } = error as NodeJS.ErrnoException;
    throw new ConfigError([`FLOTILLA_REDIS_PASSWORD_FILE: ${config.redisPasswordFile} cannot be read (${code}).`]);
  }
}
