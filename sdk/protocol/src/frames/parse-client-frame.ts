import { encodeData } from '../data.ts';
import { FlotillaError } from '../errors.ts';
import { utf8Bytes } from '../hash.ts';
import { isChannelName, parseChannelName, parseClientId } from '../ids.ts';
import { type FrameLimits, LIMITS } from '../limits.ts';
import { parsePosition } from '../position.ts';
import { isRecord } from '../record.ts';
import type { ClientFrame, PublishFrame, SendFrame } from './client-frames.ts';

type Fields = Record<string, unknown>;
/** What a reader may need besides the frame: the limits, and the frame's size (no part of it can be larger). */
interface Context {
  readonly limits: FrameLimits;
  readonly bytes: number;
}
type Reader = (fields: Fields, context: Context) => ClientFrame;

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['resume', (fields) => ({ type: 'resume', ...parsePositions(fields) })],
  ['ack', (fields) => ({ type: 'ack', ...parsePositions(fields) })],
  ['ping', () => ({ type: 'ping' })],
  ['send', parseSend],
  ['publish', parsePublish],
  ['upstream', (fields, context) => ({ type: 'upstream', id: parseId(fields), data: parseData(fields, context) })],
  ['subscribe', (fields) => ({ type: 'subscribe', id: parseId(fields), channel: parseChannelName(fields['channel']) })],
  [
    'unsubscribe',
    (fields) => ({ type: 'unsubscribe', id: parseId(fields), channel: parseChannelName(fields['channel']) }),
  ],
]);

/**
 * Reads one text of a `flotilla.v1` client. Fields that are not known are left out. Where a request's `id` is readable
 * although the rest is not, the error's `details.id` holds it, so that the answer can be a `reply`.
 *
 * @throws {FlotillaError} frame_too_large, bad_frame, bad_position, bad_channel, reserved_channel, bad_client_id,
 *   too_many_receivers, bad_data, data_too_large
 */
export function parseClientFrame(text: unknown, limits: FrameLimits = LIMITS): ClientFrame {
  if (typeof text !== 'string') throw new FlotillaError('bad_frame', 'a frame is a text');
  const bytes = utf8Bytes(text);
  if (bytes > limits.frameBytes)
    throw new FlotillaError('frame_too_large', `a frame takes at most ${limits.frameBytes} bytes`);
  const fields = parseObject(text);
  const reader = READERS.get(fields['type'] as string);
  if (!reader) throw new FlotillaError('bad_frame', 'the type of the frame is missing or unknown');
  try {
    return reader(fields, { limits, bytes });
  } catch (error) {
    throw error instanceof FlotillaError && isRequestId(fields['id']) ? withId(error, fields['id']) : error;
  }
}

function parseObject(text: string): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new FlotillaError('bad_frame', 'the frame is not JSON');
  }
  if (!isRecord(value)) throw new FlotillaError('bad_frame', 'the frame is no JSON object');
  return value;
}

function withId(error: FlotillaError, id: string): FlotillaError {
  return new FlotillaError(error.code, error.message, { cause: error.cause, details: { ...error.details, id } });
}

function isRequestId(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.isWellFormed() && utf8Bytes(value) <= LIMITS.requestIdBytes;
}

function parseId(fields: Fields): string {
  const { id } = fields;
  if (isRequestId(id)) return id;
  throw new FlotillaError('bad_frame', `id must be a non-empty string of at most ${LIMITS.requestIdBytes} bytes`);
}

function parsePositions({ inbox, channels }: Fields): { inbox?: string; channels?: Record<string, string> } {
  return {
    ...(inbox === undefined ? {} : { inbox: parsePositionText(inbox) }),
    ...(channels === undefined ? {} : { channels: parseChannels(channels) }),
  };
}

function parsePositionText(value: unknown): string {
  if (parsePosition(value) === null)
    throw new FlotillaError('bad_position', 'a position has the form generation.offset');
  return value as string;
}

function parseChannels(value: unknown): Record<string, string> {
  if (!isRecord(value)) throw new FlotillaError('bad_frame', 'channels must be an object of positions by channel');
  // Without a prototype: a channel may be called `constructor` or `__proto__`.
  const channels = Object.create(null) as Record<string, string>;
  for (const [name, position] of Object.entries(value)) {
    if (!isChannelName(name)) throw new FlotillaError('bad_channel', 'channels holds a name that no channel can have');
    channels[name] = parsePositionText(position);
  }
  return channels;
}

function parseData(fields: Fields, { limits, bytes }: Context): unknown {
  const { data } = fields;
  if (data === undefined) throw new FlotillaError('bad_data', 'data is missing');
  if (bytes > limits.dataBytes) encodeData(data, limits.dataBytes);
  return data;
}

function parseLive({ live }: Fields): { live?: boolean } {
  if (live !== undefined && typeof live !== 'boolean')
    throw new FlotillaError('bad_frame', 'live must be true or false');
  return live === undefined ? {} : { live };
}

function parseReceivers(to: unknown, { limits }: Context): string | readonly string[] {
  if (!Array.isArray(to)) return parseClientId(to);
  if (to.length === 0) throw new FlotillaError('bad_frame', 'to must name at least one client');
  if (to.length > limits.receivers) {
    throw new FlotillaError('too_many_receivers', `to names more than ${limits.receivers} clients`);
  }
  return to.map((clientId, index) => parseClientId(clientId, index));
}

function parseSend(fields: Fields, context: Context): SendFrame {
  const id = parseId(fields);
  return {
    type: 'send',
    id,
    to: parseReceivers(fields['to'], context),
    data: parseData(fields, context),
    ...parseLive(fields),
  };
}

function parsePublish(fields: Fields, context: Context): PublishFrame {
  const id = parseId(fields);
  const channel = parseChannelName(fields['channel']);
  return { type: 'publish', id, channel, data: parseData(fields, context), ...parseLive(fields) };
}
