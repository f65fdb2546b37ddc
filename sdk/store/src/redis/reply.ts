import { FlotillaError } from '@flotilla-im/protocol';
import type { RedisReply } from './connection.ts';

/**
 * A reply that must be a list; anything else is a fault of this package.
 *
 * @throws {FlotillaError} internal
 */
export function listReply(reply: RedisReply | undefined): readonly RedisReply[] {
  if (Array.isArray(reply)) return reply as readonly RedisReply[];
  throw new FlotillaError('internal', 'a step of the store did not answer with a list');
}

/** A text or number of a reply as text; '' for nothing. */
export function textReply(reply: RedisReply | undefined): string {
  return typeof reply === 'string' || typeof reply === 'number' ? String(reply) : '';
}

/** A list of texts. */
export function textsReply(reply: RedisReply | undefined): string[] {
  return listReply(reply).map(textReply);
}

/** A flat list of fields and values, as HGETALL answers. */
export function fieldsReply(reply: RedisReply | undefined): Map<string, string> {
  const flat = textsReply(reply);
  const fields = new Map<string, string>();
  for (let i = 0; i + 1 < flat.length; i += 2) fields.set(flat[i] ?? '', flat[i + 1] ?? '');
  return fields;
}
