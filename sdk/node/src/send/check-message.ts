import { encodeData, FlotillaError, LIMITS, parseClientId, utf8Bytes } from '@flotilla-im/protocol';
import type { Durability } from '@flotilla-im/store';
import { compileDurability, durabilityFault, type DurabilityOptions } from './durability.ts';

/** The content of a message, checked, its data serialised once. */
export interface CheckedContent {
  readonly from: string | null;
  readonly format: 'json' | 'text';
  /** JSON, or the raw text. */
  readonly data: string;
  readonly key: string | undefined;
  /** undefined: as the instance has it. */
  readonly durability: Durability | null | undefined;
  readonly isLive: boolean;
  readonly echo: boolean;
}

/** The longest idempotency key, in UTF-8 bytes. */
export const KEY_BYTES = 128;
const CONTENT_NAMES: ReadonlySet<string> = new Set(['from', 'data', 'format', 'key', 'live', 'echo', 'durability']);
const MESSAGE_NAMES: ReadonlySet<string> = new Set([...CONTENT_NAMES, 'to', 'receipt']);

/**
 * Checks what is sent. Written by hand, since it runs for each message.
 *
 * @param kind - `message` also takes `to` and `receipt`
 * @throws {FlotillaError} bad_options naming every fault, bad_client_id (`from`), bad_data, data_too_large
 */
export function checkContent(given: unknown, kind: 'message' | 'content', maxDataBytes: number): CheckedContent {
  if (typeof given !== 'object' || given === null)
    throw new FlotillaError('bad_options', 'the message must be an object');
  const content = given as Record<string, unknown>;
  const faults = faultsOf(content, kind === 'message' ? MESSAGE_NAMES : CONTENT_NAMES);
  if (faults !== null)
    throw new FlotillaError('bad_options', `the message: ${faults.join('; ')}`, { details: { faults } });
  const format = content['format'] === 'text' ? 'text' : 'json';
  return {
    from: content['from'] === null ? null : parseClientId(content['from']),
    format,
    data: format === 'json' ? encodeData(content['data'], maxDataBytes) : checkText(content['data'], maxDataBytes),
    key: content['key'] as string | undefined,
    durability: durabilityOf(content['durability']),
    isLive: content['live'] === true,
    echo: content['echo'] !== false,
  };
}

/** `faultsOf` has checked it. */
function durabilityOf(given: unknown): Durability | null | undefined {
  return given === undefined ? undefined : compileDurability(given as DurabilityOptions);
}

function faultsOf(content: Readonly<Record<string, unknown>>, names: ReadonlySet<string>): string[] | null {
  let faults: string[] | null = null;
  const note = (fault: string): void => {
    (faults ??= []).push(fault);
  };
  for (const name in content) if (!names.has(name)) note(`${name} is no option`);
  const { format, key } = content;
  if (content['from'] === undefined) note('from is missing (null is the system)');
  if (format !== undefined && format !== 'json' && format !== 'text') note('format must be json or text');
  if (key !== undefined && !isKey(key)) note(`key must be a string of 1 to ${KEY_BYTES} bytes`);
  for (const name of ['live', 'echo', 'receipt']) {
    if (content[name] !== undefined && typeof content[name] !== 'boolean') note(`${name} must be true or false`);
  }
  if (key !== undefined && content['live'] === true) note('key is for durable messages, not for live ones');
  const { durability } = content;
  if (durability !== undefined) {
    const fault = durabilityFault(durability);
    if (fault !== null) note(`durability ${fault}`);
    if (content['live'] === true) note('durability is for durable messages, not for live ones');
  }
  return faults;
}

/** Whether something is an idempotency key. */
export function isKey(value: unknown): boolean {
  return typeof value === 'string' && value !== '' && value.isWellFormed() && utf8Bytes(value) <= KEY_BYTES;
}

function checkText(data: unknown, maxDataBytes: number): string {
  if (typeof data !== 'string') throw new FlotillaError('bad_data', 'the data of a text message must be a string');
  if (!data.isWellFormed()) throw new FlotillaError('bad_data', 'the text has lone surrogates');
  if (data.length * 3 > maxDataBytes && utf8Bytes(data) > maxDataBytes) {
    throw new FlotillaError('data_too_large', `the text is larger than ${maxDataBytes} bytes`, {
      details: { limitBytes: maxDataBytes },
    });
  }
  return data;
}

/**
 * The receivers, each once, in the order given.
 *
 * @throws {FlotillaError} bad_client_id, too_many_receivers
 */
export function checkReceivers(to: unknown): readonly string[] {
  if (!Array.isArray(to)) return [parseClientId(to)];
  const receivers = new Set<string>();
  for (const [index, clientId] of (to as readonly unknown[]).entries()) {
    receivers.add(parseClientId(clientId, index));
    if (receivers.size > LIMITS.receivers) {
      throw new FlotillaError('too_many_receivers', `one call takes at most ${LIMITS.receivers} receivers`, {
        details: { limit: LIMITS.receivers },
      });
    }
  }
  return [...receivers];
}
