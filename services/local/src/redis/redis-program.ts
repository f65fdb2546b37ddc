/** A Redis server that can be started. */
export interface RedisProgram {
  /** What it is, for a person: `redis-server 7.0.15 from the PATH`. */
  readonly title: string;
  readonly path: string;
  /** Added to its environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** The oldest Redis that will do. */
const OLDEST_REDIS = 7;

/** What a server says of itself. */
export interface RedisVersion {
  readonly product: 'Redis' | 'Valkey';
  /** For example `7.0.15`. */
  readonly version: string;
  /** Whether it is new enough; every Valkey is. */
  readonly isNewEnough: boolean;
}

/** Reads the answer of `redis-server --version` (`Redis server v=7.0.15 sha=…`); null when it is something else's. */
export function parseRedisVersion(text: string): RedisVersion | null {
  const found = /^(Redis|Valkey) server v=(\d+)(\.[\d.]+)/mu.exec(text);
  if (found === null) return null;
  const [, product, major = '', rest = ''] = found;
  const isValkey = product === 'Valkey';
  return {
    product: isValkey ? 'Valkey' : 'Redis',
    version: major + rest,
    isNewEnough: isValkey || Number(major) >= OLDEST_REDIS,
  };
}

/**
 * How the private Redis is started: on the loopback address only, nothing evicted, everything in the append-only file,
 * which is flushed once a second: a crash of the machine can take the last second, a crash of Redis nothing.
 */
export function redisArguments(port: number, dataFolder: string): string[] {
  return [
    ['--port', String(port)],
    ['--bind', '127.0.0.1'],
    ['--protected-mode', 'yes'],
    ['--daemonize', 'no'],
    ['--dir', dataFolder],
    ['--appendonly', 'yes'],
    ['--appendfsync', 'everysec'],
    ['--save', ''],
    ['--maxmemory', '0'],
    ['--maxmemory-policy', 'noeviction'],
  ].flat();
}
