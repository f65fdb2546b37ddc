import {
  encodeData,
  type ResumeFrame,
  FlotillaError,
  LOG_START,
  parseClientFrame,
  parsePosition,
} from '@flotilla-im/protocol';
import type { Positions } from '../connections/session.ts';

/** Positions in their wire form, already checked, as the core takes them. */
export function toPositions({ inbox, channels }: Omit<ResumeFrame, 'type'>): Positions {
  const read = (text: string) => parsePosition(text) ?? LOG_START;
  return {
    ...(inbox === undefined ? {} : { inbox: read(inbox) }),
    ...(channels === undefined
      ? {}
      : { channels: Object.fromEntries(Object.entries(channels).map(([name, text]) => [name, read(text)])) }),
  };
}

/**
 * The positions that a client brings in its `auth`, next to the token: `{ inbox?, channels? }`. A client that keeps them
 * gets nothing twice.
 *
 * @throws {FlotillaError} bad_frame, bad_position, bad_channel, bad_data (deeper than JSON can be written)
 */
export function positionsOfAuth(auth: Readonly<Record<string, unknown>>): Positions {
  const { inbox, channels } = auth;
  const frame = parseClientFrame(encodeData({ type: 'resume', inbox, channels }, Number.POSITIVE_INFINITY));
  if (frame.type !== 'resume') throw new FlotillaError('bad_frame', 'auth holds no positions');
  return toPositions(frame);
}
