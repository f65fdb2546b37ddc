import { FlotillaError } from '../errors.ts';
import { parsePosition } from '../position.ts';
import { isRecord } from '../record.ts';
import type { ServerFrame } from './server-frames.ts';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const number: Check = (value) => Number.isFinite(value);
const flag: Check = (value) => typeof value === 'boolean';
const position: Check = (value) => parsePosition(value) !== null;
const from: Check = (value) => value === null || text(value);
const any: Check = (value) => value !== undefined;
const log: Check = (value) => isRecord(value) && position(value['position']) && flag(value['recovered']);
const logs: Check = (value) => isRecord(value) && Object.values(value).every(log);
const maybe =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

/** Every field of every frame, with what it must be; a check that takes undefined is of a field that may be missing. */
export const SERVER_FRAME_SHAPES: { readonly [Type in ServerFrame['type']]: Readonly<Record<string, Check>> } = {
  welcome: {
    clientId: text,
    connection: text,
    shard: number,
    epoch: number,
    inbox: log,
    channels: logs,
    heartbeatMs: number,
    heartbeatTimeoutMs: number,
  },
  message: { position, id: text, from, at: number, channel: maybe(text), data: any },
  live: { id: text, from, channel: maybe(text), data: any },
  gap: { position, channel: maybe(text), reason: maybe(text) },
  joined: { channel: text, position },
  left: { channel: text },
  moved: { url: text, token: text, epoch: number },
  reply: {
    re: text,
    ok: flag,
    messageId: maybe(text),
    code: maybe(text),
    message: maybe(text),
    retryAfterMs: maybe(number),
  },
  error: { code: text, message: text },
  pong: {},
  bye: { code: number, reason: text, retryAfterMs: maybe(number) },
};

/**
 * Reads one text of an IM pod. Null for a type this version does not know: a newer pod may say more, and a client goes on
 * without it.
 *
 * @throws {FlotillaError} bad_frame when it is no JSON object with a `type`, or a field of a known type is malformed
 */
export function parseServerFrame(input: unknown): ServerFrame | null {
  const frame = parseObject(input);
  const { type } = frame;
  if (typeof type !== 'string') throw new FlotillaError('bad_frame', 'the frame has no type');
  if (!Object.hasOwn(SERVER_FRAME_SHAPES, type)) return null;
  for (const [field, check] of Object.entries(SERVER_FRAME_SHAPES[type as ServerFrame['type']])) {
    if (!check(frame[field])) throw new FlotillaError('bad_frame', `${type}: ${field} is missing or malformed`);
  }
  return frame as unknown as ServerFrame;
}

function parseObject(input: unknown): Record<string, unknown> {
  let value: unknown;
  try {
    if (typeof input === 'string') value = JSON.parse(input);
  } catch {
    // Falls through to the same answer as any other text that is no object.
  }
  if (!isRecord(value)) throw new FlotillaError('bad_frame', 'the frame is no JSON object');
  return value;
}
