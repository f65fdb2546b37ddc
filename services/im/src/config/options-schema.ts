import { isIP } from 'node:net';
import * as v from 'valibot';
import { MAX_SHARD_ID } from '@flotilla-im/protocol';
import type { TokenKeySet } from '@flotilla-im/sdk/tokens';
import { LIMITS, LIMIT_NAMES, type Limits } from './limits.ts';
import { LOG_LEVELS, type ShardOptions } from './options.ts';

/** A whole number in a range. */
function whole(min: number, max: number): v.GenericSchema<number> {
  const message = `must be a whole number from ${min} to ${max}`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
}

function text(message: string, isRight: (value: string) => boolean): v.GenericSchema<string> {
  return v.pipe(v.string(message), v.check(isRight, message));
}

const missingShard = 'is missing, and the hostname does not end in "-" and a number';
const redisMessage = 'must be an address like redis://host:6379, rediss://, redis+cluster:// or redis+sentinel://';
const originMessage = 'must be "*" or origins like https://chat.example or https://*.example';
const proxyMessage = 'must be addresses, CIDR ranges, "loopback" or "private"';

function isOrigin(value: string): boolean {
  return value === '*' || value === 'null' || /^[a-z][a-z0-9+.-]*:\/\/(\*\.)?[^/*?#\s]+$/u.test(value);
}

function isProxy(value: string): boolean {
  if (value === 'loopback' || value === 'private') return true;
  const [address = '', bits, ...rest] = value.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/u.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

const limitEntries = Object.fromEntries(
  LIMIT_NAMES.map((name) => [name, v.optional(whole(LIMITS[name].min, LIMITS[name].max))]),
) as unknown as Record<keyof Limits, v.OptionalSchema<v.GenericSchema<number>, undefined>>;

const tokenKeySet = v.custom<TokenKeySet>(
  (value) => Array.isArray((value as { keys?: unknown } | null)?.keys),
  'must be a key set: { keys: [...] }',
);

/** What may be given; a fault's message is the end of a sentence that begins with the option's name. */
export const optionsSchema: v.GenericSchema<unknown, ShardOptions> = v.strictObject(
  {
    cluster: v.optional(
      text('must be 1 to 64 letters, digits, "-", "_" or "."', (value) => /^[\w.-]{1,64}$/u.test(value)),
    ),
    redisUrl: v.optional(text(redisMessage, (value) => /^rediss?(\+(cluster|sentinel))?:\/\/\S+$/u.test(value))),
    redisPasswordFile: v.optional(v.string('must be a path')),
    shard: v.pipe(
      v.unknown(),
      v.check((value) => value !== undefined, missingShard),
      whole(0, MAX_SHARD_ID),
    ),
    host: v.optional(text('must be an address or a host name', (value) => /^[\w.:%-]+$/u.test(value))),
    port: v.optional(whole(0, 65_535)),
    tokenKeysFile: v.optional(v.string('must be a path')),
    tokenKeys: v.optional(tokenKeySet),
    allowedOrigins: v.optional(v.array(text(originMessage, isOrigin), originMessage)),
    trustedProxies: v.optional(v.array(text(proxyMessage, isProxy), proxyMessage)),
    durableReplicas: v.optional(whole(0, 16)),
    logLevel: v.optional(v.picklist(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`)),
    limits: v.optional(v.strictObject(limitEntries, 'is no limit that this version knows')),
  },
  'is no option that this version knows',
);
