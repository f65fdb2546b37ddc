import { FlotillaError } from '@flotilla-im/protocol';

/** One address of a Redis or Sentinel process. */
export interface RedisHost {
  readonly host: string;
  readonly port: number;
}

/** Where and how to reach the shared state. */
export interface RedisTarget {
  readonly kind: 'standalone' | 'sentinel' | 'cluster';
  readonly isTls: boolean;
  /** One for `standalone`; else those to ask first. */
  readonly hosts: readonly RedisHost[];
  readonly username: string | null;
  readonly password: string | null;
  /** Database number; 0 on a cluster. */
  readonly db: number;
  /** The name Sentinel knows the master by; null for other kinds. */
  readonly masterName: string | null;
}

const FORM = /^(redis|rediss)(?:\+(cluster|sentinel))?:\/\/(?:([^@/?#]*)@)?([^@/?#]+)(?:\/([0-9]*))?(?:\?([^#]*))?$/;
const HOST = /^(\[[0-9A-Fa-f:.]+\]|[^:[\]\s]+)(?::([0-9]{1,5}))?$/;
const FORMS =
  'redis://host:6379/0, rediss://host, redis+cluster://host,host or redis+sentinel://host,host/0?master=name';

/** Never repeats the URL: it may hold a password. */
function badUrl(what: string): FlotillaError {
  return new FlotillaError('bad_options', `the Redis URL ${what}; it looks like ${FORMS}`);
}

function parseHost(text: string, defaultPort: number): RedisHost {
  const match = HOST.exec(text);
  const port = match?.[2] === undefined ? defaultPort : Number(match[2]);
  if (!match?.[1] || port < 1 || port > 65_535) throw badUrl('names a host or port that cannot be');
  return { host: match[1].replace(/^\[|\]$/g, ''), port };
}

function decoded(text: string | undefined): string | null {
  if (text === undefined || text === '') return null;
  try {
    return decodeURIComponent(text);
  } catch {
    throw badUrl('holds a broken percent escape');
  }
}

function parseMasterName(query: string | undefined): string | null {
  const parameters = new URLSearchParams(query ?? '');
  for (const name of parameters.keys()) if (name !== 'master') throw badUrl('has an unknown parameter');
  return parameters.get('master') || null;
}

/**
 * Reads the forms `redis://`, `rediss://` (TLS), `redis+cluster://h1,h2` and `redis+sentinel://h1,h2/<db>?master=name`
 * (both also as `rediss+…`), each with `user:password@` where needed. Ports default to 6379, for Sentinel 26379.
 *
 * @throws {FlotillaError} bad_options for anything else; the text never repeats the URL.
 */
export function parseRedisUrl(url: string): RedisTarget {
  const match = FORM.exec(url);
  if (match === null) throw badUrl('cannot be read');
  const [, scheme, mode, credentials, hostList = '', db, query] = match;
  const kind = mode === 'cluster' ? 'cluster' : mode === 'sentinel' ? 'sentinel' : 'standalone';
  const hosts = hostList.split(',').map((host) => parseHost(host, kind === 'sentinel' ? 26_379 : 6379));
  const colon = credentials?.indexOf(':') ?? -1;
  const target: RedisTarget = {
    kind,
    isTls: scheme === 'rediss',
    hosts,
    username: decoded(colon < 0 ? credentials : credentials?.slice(0, colon)),
    password: decoded(colon < 0 ? undefined : credentials?.slice(colon + 1)),
    db: Number(db ?? 0),
    masterName: parseMasterName(query),
  };
  if (kind === 'standalone' && hosts.length > 1) throw badUrl('names several hosts without +cluster or +sentinel');
  if (kind === 'cluster' && target.db !== 0) throw badUrl('names a database, which a cluster does not have');
  if ((kind === 'sentinel') !== (target.masterName !== null))
    throw badUrl('needs ?master=name for Sentinel, and only then');
  return target;
}

/** The target for people: kind and hosts, no credentials. */
export function describeTarget(target: RedisTarget): string {
  const hosts = target.hosts.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(', ');
  const kinds = { standalone: 'Redis', sentinel: 'the Redis Sentinel', cluster: 'the Redis Cluster' } as const;
  return `${kinds[target.kind]} at ${hosts}`;
}
