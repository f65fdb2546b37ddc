import { ConfigError } from '@flotilla-im/environment';
import * as v from 'valibot';

/** Where the check finds the cluster. */
export interface CheckConfig {
  readonly cluster: string;
  readonly redisUrl: string;
  /** Null: none. */
  readonly redisPasswordFile: string | null;
  readonly tokenKeysFile: string;
  /** Base address of a shard by its own Service, with `{shard}` where its id belongs. */
  readonly serviceUrl: string;
  /** The same by its route; null: what the map says; undefined: routes are not asked for. */
  readonly routeUrl: string | null | undefined;
}

/** A fault's message is the end of a sentence and repeats nothing, since an address may hold a password. */
const text = v.optional(v.pipe(v.string(), v.nonEmpty('is missing')), '');
const template = v.pipe(
  text,
  v.regex(/^wss?:\/\/\S+$/u, 'must begin with ws:// or wss://'),
  v.includes('{shard}', 'must hold {shard} where the id belongs'),
);
const schema = v.object({
  FLOTILLA_CLUSTER: text,
  FLOTILLA_REDIS_URL: text,
  FLOTILLA_REDIS_PASSWORD_FILE: v.optional(v.string(), ''),
  FLOTILLA_TOKEN_KEYS_FILE: text,
  FLOTILLA_SHARD_SERVICE: template,
  FLOTILLA_CHECK_ROUTES: v.optional(v.picklist(['true', 'false'], 'must be true or false'), 'false'),
  FLOTILLA_CHECK_ROUTE_URL: v.optional(v.union([v.literal(''), template]), ''),
});

/** Every variable that this program reads. */
export const CHECK_VARIABLES: readonly string[] = Object.keys(schema.entries);

/**
 * Reads the environment.
 *
 * @throws {ConfigError} with every fault
 */
export function readCheckConfig(environment: Readonly<Record<string, string | undefined>>): CheckConfig {
  const result = v.safeParse(schema, environment, { abortPipeEarly: true });
  if (!result.success) {
    throw new ConfigError(
      result.issues.map((issue) => `${v.getDotPath(issue) ?? 'The environment'} ${issue.message}.`),
    );
  }
  const given = result.output;
  const routeUrl = given.FLOTILLA_CHECK_ROUTE_URL === '' ? null : given.FLOTILLA_CHECK_ROUTE_URL;
  return {
    cluster: given.FLOTILLA_CLUSTER,
    redisUrl: given.FLOTILLA_REDIS_URL,
    redisPasswordFile: given.FLOTILLA_REDIS_PASSWORD_FILE === '' ? null : given.FLOTILLA_REDIS_PASSWORD_FILE,
    tokenKeysFile: given.FLOTILLA_TOKEN_KEYS_FILE,
    serviceUrl: given.FLOTILLA_SHARD_SERVICE,
    routeUrl: given.FLOTILLA_CHECK_ROUTES === 'true' ? routeUrl : undefined,
  };
}
