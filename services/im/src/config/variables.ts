import type { ShardOptions } from './options.ts';

/** One environment variable that is not a limit. */
export interface Variable {
  readonly name: string;
  /** The option it sets. */
  readonly option: Exclude<keyof ShardOptions, 'limits' | 'tokenKeys'>;
  /** How its text is read: `list` is split at commas and white space. */
  readonly kind: 'text' | 'number' | 'list';
  /** The default as `--help` shows it. */
  readonly shownDefault: string;
  readonly text: string;
}

/** The environment of a pod, limits aside. `--help`, the reader of the environment and the documentation share it. */
export const VARIABLES: readonly Variable[] = Object.freeze([
  {
    name: 'FLOTILLA_CLUSTER',
    option: 'cluster',
    kind: 'text',
    shownDefault: 'flotilla',
    text: 'Name of the cluster: first part of every key in Redis, and the audience of tokens.',
  },
  {
    name: 'FLOTILLA_REDIS_URL',
    option: 'redisUrl',
    kind: 'text',
    shownDefault: 'redis://127.0.0.1:6379',
    text: 'redis://, rediss://, redis+cluster://host1,host2 or redis+sentinel://host1,host2/<db>?master=<name>.',
  },
  {
    name: 'FLOTILLA_REDIS_PASSWORD_FILE',
    option: 'redisPasswordFile',
    kind: 'text',
    shownDefault: 'none',
    text: 'File with the password of Redis, instead of one in the URL.',
  },
  {
    name: 'FLOTILLA_SHARD',
    option: 'shard',
    kind: 'number',
    shownDefault: 'trailing number of the hostname',
    text: 'The shard id: the ordinal of the pod in its StatefulSet.',
  },
  {
    name: 'FLOTILLA_HOST',
    option: 'host',
    kind: 'text',
    shownDefault: '0.0.0.0',
    text: 'Address to listen on; :: takes IPv6 as well.',
  },
  {
    name: 'FLOTILLA_PORT',
    option: 'port',
    kind: 'number',
    shownDefault: '8080',
    text: 'Port to listen on; 0 takes a free one and prints it.',
  },
  {
    name: 'FLOTILLA_TOKEN_KEYS_FILE',
    option: 'tokenKeysFile',
    kind: 'text',
    shownDefault: 'none, required',
    text: 'JWKS file with the keys that sign connection tokens; read again when it changes.',
  },
  {
    name: 'FLOTILLA_ALLOWED_ORIGINS',
    option: 'allowedOrigins',
    kind: 'list',
    shownDefault: '*',
    text: 'Web origins that may connect, separated by commas; https://*.example.com takes every subdomain.',
  },
  {
    name: 'FLOTILLA_TRUSTED_PROXIES',
    option: 'trustedProxies',
    kind: 'list',
    shownDefault: 'none',
    text: 'Addresses or CIDR ranges of proxies whose X-Forwarded-For is believed; also: loopback, private.',
  },
  {
    name: 'FLOTILLA_DURABLE_REPLICAS',
    option: 'durableReplicas',
    kind: 'number',
    shownDefault: '0',
    text: 'Replicas of Redis that must have what a client sends or publishes by its grants before it is told so (WAIT).',
  },
  {
    name: 'FLOTILLA_LOG_LEVEL',
    option: 'logLevel',
    kind: 'text',
    shownDefault: 'info',
    text: 'silent, fatal, error, warn, info, debug or trace.',
  },
] satisfies Variable[]);
