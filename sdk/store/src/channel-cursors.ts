import { formatPosition, parsePosition, type Position } from '@flotilla-im/protocol';
import type { Cursors } from './presence.ts';

/** A named device's channel cursors as JSON, channel → `generation.offset`; '' when there is nothing to store. */
export function encodeChannelCursors(cursors: Cursors | undefined): string {
  if (!cursors?.device || cursors.channels === undefined) return '';
  const texts = Object.entries(cursors.channels).map(([channel, position]) => [channel, formatPosition(position)]);
  return texts.length === 0 ? '' : JSON.stringify(Object.fromEntries(texts));
}

/** Reads them back; '' is none. */
export function parseChannelCursors(json: string): Readonly<Record<string, Position>> {
  if (json === '') return {};
  const texts = Object.entries(JSON.parse(json) as Record<string, string>);
  return Object.fromEntries(
    texts.flatMap(([channel, text]) => {
      const position = parsePosition(text);
      return position === null ? [] : [[channel, position] as const];
    }),
  );
}
