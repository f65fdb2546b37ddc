import { FlotillaError } from '@flotilla-im/protocol';
import type { EncodedEntry, EntryInput, LogEntry } from './entry.ts';

/*
 * `<ms> <flags> <headLength>\n<head><data>`; the encoded form lacks the time. flags are two characters: `j` or `t`, then
 * `x` or `-`. The head holds ASCII only (others are escaped), so that its length is the same in Lua's bytes.
 */

const ZERO = 48;
const idStart = '"id":"'.length;
const fromMember = ',"from":';

function asciiJson(text: string): string {
  return JSON.stringify(text).replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The JSON members `"id":"…","from":…` of a message, without braces, in ASCII. */
export function entryHead(messageId: string, from: string | null): string {
  return `"id":${asciiJson(messageId)}${fromMember}${from === null ? 'null' : asciiJson(from)}`;
}

function assemble(input: Pick<EntryInput, 'format' | 'excludeSender' | 'data'>, head: string): EncodedEntry {
  const flags = (input.format === 'json' ? 'j' : 't') + (input.excludeSender ? 'x' : '-');
  return `${flags} ${head.length}\n${head}${input.data}` as EncodedEntry;
}

/** A message as it is appended; see `EncodedEntry`. */
export function encodeEntry(input: EntryInput): EncodedEntry {
  return assemble(input, entryHead(input.messageId, input.from));
}

/** The encoded form of an entry that was read or notified: its time and position are left out. */
export function reencodeEntry(entry: LogEntry): EncodedEntry {
  return assemble(entry, entry.head);
}

/** Reads digits of `text` from `start` up to index `end` (exclusive); NaN where something else stands there, or nothing. */
export function readNumber(text: string, start: number, end: number): number {
  if (!(start < end)) return Number.NaN;
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - ZERO;
    if (digit < 0 || digit > 9) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** For what no version of Flotilla wrote. */
export function damaged(): FlotillaError {
  return new FlotillaError('internal', 'what the store holds here is damaged');
}

interface Head {
  readonly messageId: string;
  readonly from: string | null;
}

function parseHead(head: string): Head {
  if (head.includes('\\')) return parseEscapedHead(head);
  const end = head.indexOf(fromMember, idStart);
  if (end < idStart) throw damaged();
  const from = end + fromMember.length;
  return {
    messageId: head.slice(idStart, end - 1),
    from: head.charCodeAt(from) === 34 ? head.slice(from + 1, -1) : null,
  };
}

function parseEscapedHead(head: string): Head {
  try {
    const { id, from } = JSON.parse(`{${head}}`) as { id: unknown; from: unknown };
    if (typeof id === 'string' && (from === null || typeof from === 'string')) return { messageId: id, from };
  } catch {
    // Falls through: it is no JSON.
  }
  throw damaged();
}

/**
 * Reads an entry with its time, as the list and the notifies hold it, from index `start` of a text on. It is on the pods'
 * hot path: lengths are checked, so that nothing is read that is not there; the head and the data are taken as they are.
 *
 * @throws {FlotillaError} internal, when it is damaged
 */
export function parseEntry(text: string, start: number, generation: string, offset: number): LogEntry {
  const timeEnd = text.indexOf(' ', start);
  const at = readNumber(text, start, timeEnd);
  if (!Number.isSafeInteger(at)) throw damaged();
  return parseBody(text, timeEnd + 1, generation, offset, at);
}

/** As `parseEntry`, but what is damaged becomes an entry that says so: one place must not make a whole log unreadable. */
export function readEntry(text: string, generation: string, offset: number): LogEntry {
  try {
    return parseEntry(text, 0, generation, offset);
  } catch {
    return damagedEntry(generation, offset);
  }
}

function damagedEntry(generation: string, offset: number): LogEntry {
  const nothing = { messageId: '', from: null, format: 'text', data: '', excludeSender: false, at: 0 } as const;
  return { ...nothing, generation, offset, head: entryHead('', null), isDamaged: true };
}

/**
 * Reads an encoded entry from index `start` of a text up to `end`; position and time are told by the caller.
 *
 * @throws {FlotillaError} internal, when it is damaged
 */
export function parseBody(
  text: string,
  start: number,
  generation: string,
  offset: number,
  at: number,
  end = text.length,
): LogEntry {
  const lineEnd = text.indexOf('\n', start);
  const headStart = lineEnd + 1;
  const dataStart = headStart + readNumber(text, start + 3, lineEnd);
  if (!(dataStart <= end)) throw damaged();
  const head = text.slice(headStart, dataStart);
  const { messageId, from } = parseHead(head);
  return {
    messageId,
    from,
    format: text.charCodeAt(start) === 106 ? 'json' : 'text',
    data: text.slice(dataStart, end),
    excludeSender: text.charCodeAt(start + 1) === 120,
    generation,
    offset,
    at,
    head,
  };
}

/** The message id of an encoded entry. */
export function messageIdOf(entry: EncodedEntry): string {
  const head = entry.indexOf('\n') + 1;
  const end = entry.indexOf(fromMember, head);
  const json = entry.slice(head + idStart - 1, end);
  return json.includes('\\') ? (JSON.parse(json) as string) : json.slice(1, -1);
}

/** What an encoded entry says apart from its message id: two sends are the same message when this is the same. */
export function contentOf(entry: EncodedEntry): string {
  return entry.slice(0, 2) + entry.slice(entry.indexOf(fromMember, entry.indexOf('\n')));
}

/** The sender of an encoded entry, as JSON. */
export function senderJsonOf(entry: EncodedEntry): string {
  const lineEnd = entry.indexOf('\n');
  const headEnd = lineEnd + 1 + readNumber(entry, 3, lineEnd);
  return entry.slice(entry.indexOf(fromMember, lineEnd) + fromMember.length, headEnd);
}
