import type { Flotilla, HistoryMessage, HistoryOptions, HistoryReader } from '@flotilla-im/sdk';
import type { FileData, PastAnswer, PastMessage, TextData } from '../words.ts';

/** So much of the past is shown at a time: of an inbox, which is many conversations, and of a channel. */
const PAGE = Object.freeze({ inbox: 500, channel: 100 });

/** What was written before. */
export interface Past {
  /** The last messages of a channel; with `before` those before that position. */
  ofChannel(channel: string, before?: string): Promise<PastAnswer>;
  /** The last private messages that somebody got or wrote, and how far they were read. */
  ofInbox(clientId: string, before?: string): Promise<PastAnswer>;
  /** The last that were written to everybody. */
  ofBroadcasts(before?: string): Promise<PastAnswer>;
}

/** Reads Flotilla's logs: 2 days and 10,000 messages each. */
export function createPast({ history }: Pick<Flotilla, 'history'>): Past {
  return {
    ofChannel: (channel, before) => pageOf((options) => history.channel(channel, options), PAGE.channel, before),
    ofInbox: (clientId, before) => pageOf((options) => history.inbox(clientId, options), PAGE.inbox, before),
    ofBroadcasts: (before) => pageOf((options) => history.broadcasts(options), PAGE.channel, before),
  };
}

type Reading = (options?: HistoryOptions) => HistoryReader;

function pageOf(read: Reading, size: number, before: string | undefined): Promise<PastAnswer> {
  return before === undefined ? latest(read, size) : earlier(read, size, before);
}

/** The log is walked to find its end; a product would keep a table of its own. */
async function latest(read: Reading, size: number): Promise<PastAnswer> {
  const found: PastMessage[] = [];
  let isAll = true;
  for await (const message of read()) {
    if (isShown(message)) found.push(pastOf(message));
    if (found.length > 2 * size) {
      found.splice(0, size);
      isAll = false;
    }
  }
  const messages = found.slice(-size);
  isAll &&= messages.length === found.length;
  return { messages, before: isAll ? null : (messages[0]?.position ?? null) };
}

/** Offsets count by one within a generation, so that one can go back by counting. */
async function earlier(read: Reading, size: number, before: string): Promise<PastAnswer> {
  const dot = before.lastIndexOf('.');
  const generation = before.slice(0, dot);
  for (let end = Number(before.slice(dot + 1)) - 1; end > 0;) {
    const begin = Math.max(0, end - size);
    const messages: PastMessage[] = [];
    let isGone = false;
    const after = `${generation}.${begin}`;
    for await (const page of read({ after, limit: end - begin }).pages()) {
      // The log was cut or is another one: what it begins with is not before that position, or was its oldest.
      isGone ||= !page.recovered;
      messages.push(
        ...page.messages.filter((message) => isShown(message) && isUpTo(message, generation, end)).map(pastOf),
      );
    }
    const isOldest = isGone || begin === 0;
    if (messages.length > 0 || isOldest) return { messages, before: isOldest ? null : `${generation}.${begin + 1}` };
    end = begin;
  }
  return { messages: [], before: null };
}

function isUpTo({ position }: HistoryMessage, generation: string, end: number): boolean {
  return position.startsWith(`${generation}.`) && Number(position.slice(generation.length + 1)) <= end;
}

function pastOf({ messageId: id, position, from, at, data }: HistoryMessage): PastMessage {
  return { id, position, from, at, data: data as PastMessage['data'] };
}

function isShown({ data }: HistoryMessage): boolean {
  return isWrittenData(data) || (typeof data === 'object' && data !== null && 'kind' in data && data.kind === 'read');
}

/** Whether a message of a log was written by somebody: a text, or a file. */
export function isWrittenData(data: unknown): data is TextData | FileData {
  return typeof data === 'object' && data !== null && 'kind' in data && (data.kind === 'text' || data.kind === 'file');
}
