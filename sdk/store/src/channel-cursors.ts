import { formatPosition, parsePosition, type Position } from '@flotilla-im/protocol';
import type { Cursors } from './presence.ts';

/** A named device's channel cursors as JSON, channel → `generation.offset`; '' when there is nothing to store. */
export function encodeChannelCursors(cursors: Cursors | undefined): string {
  if (!cursors?.device || cursors.channels === undefined) return '';
  const texts = Object.entries(cursors.channels).map(([channel, position]) => [channel, formatPosition(position)]);
  return texts.length === 0 ? '' : JSON.stringify(Object.fromEntries(texts));
}

/** Reads them back; '' is none, and so is what no version of Flotilla wrote. */
export function parseChannelCursors(json: string): Readonly<Record<string, Position>> {
  return Object.fromEntries(
    Object.entries(parseTexts(json)).flatMap(([channel, text]) => {
      const position = parsePosition(text);
      return position === null ? [] : [[channel, position] as const];
    }),
  );
}

function parseTexts(json: string): object {
  if (json === '') return {};
  try {
    const texts: unknown = JSON.parse(json);
    return typeof texts === 'object' && texts !== null ? texts : {};
  } catch {
    return {};
  }
}
