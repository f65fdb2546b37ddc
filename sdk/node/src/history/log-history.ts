import {
  BROADCAST_CHANNEL,
  FlotillaError,
  formatPosition,
  parseChannelName,
  parseClientId,
  parsePosition,
  type Position,
} from '@flotilla-im/protocol';
import type { LogEntry, LogKey, LogSlice, Store } from '@flotilla-im/store';
import * as v from 'valibot';
import type { Calls } from '../calls/calls.ts';
import { CALL_ENTRIES, parseOptions, wholeNumber } from '../calls/parse-options.ts';
import type { History, HistoryMessage, HistoryOptions, HistoryPage, HistoryReader } from './history.ts';

const OPTIONS = {
  ...CALL_ENTRIES,
  after: v.optional(v.unknown()),
  limit: wholeNumber(0),
  pageSize: wholeNumber(1),
};

const DEFAULT_PAGE_SIZE = 256;

/** History over the store's logs. */
export class LogHistory implements History {
  readonly #store: Pick<Store, 'logs'>;
  readonly #calls: Calls;

  constructor(store: Pick<Store, 'logs'>, calls: Calls) {
    this.#store = store;
    this.#calls = calls;
  }

  inbox(clientId: string, options?: HistoryOptions): HistoryReader {
    return this.#reader({ kind: 'inbox', id: parseClientId(clientId) }, options);
  }

  channel(channel: string, options?: HistoryOptions): HistoryReader {
    return this.#reader({ kind: 'channel', id: parseChannelName(channel) }, options);
  }

  broadcasts(options?: HistoryOptions): HistoryReader {
    return this.#reader({ kind: 'channel', id: BROADCAST_CHANNEL }, options);
  }

  #reader(log: LogKey, given: HistoryOptions | undefined): HistoryReader {
    const options = parseOptions(OPTIONS, given, 'history') as HistoryOptions;
    const after = positionOf(options.after);
    const pages = (): AsyncGenerator<HistoryPage, void, undefined> => this.#pages(log, after, options);
    return { pages, [Symbol.asyncIterator]: () => messagesOf(pages()) };
  }

  async *#pages(
    log: LogKey,
    start: Position | null,
    options: HistoryOptions,
  ): AsyncGenerator<HistoryPage, void, undefined> {
    const { limit = Number.POSITIVE_INFINITY, pageSize = DEFAULT_PAGE_SIZE } = options;
    let after = start;
    for (let left = limit; left > 0;) {
      const from = after;
      const size = Math.min(left, pageSize);
      const slice = await this.#calls.run(options, () => this.#store.logs.read(log, from, { limit: size }));
      const messages = slice.entries.slice(0, size).flatMap((entry) => messageOf(entry) ?? []);
      // A page of its own for a loss at the very end, since nothing else would tell of it.
      if (messages.length > 0 || !slice.recovered) {
        yield { messages, start: formatPosition(slice.start), recovered: slice.recovered };
      }
      left -= messages.length;
      after = endOf(slice);
      if (slice.entries.length === 0 || after.offset >= slice.meta.last) return;
    }
  }
}

async function* messagesOf(pages: AsyncIterable<HistoryPage>): AsyncGenerator<HistoryMessage, void, undefined> {
  for await (const page of pages) yield* page.messages;
}

function endOf(slice: LogSlice): Position {
  const last = slice.entries.at(-1);
  return last ? { generation: last.generation, offset: last.offset } : slice.start;
}

function positionOf(after: unknown): Position | null {
  if (after === undefined) return null;
  const position = parsePosition(after);
  if (position === null) throw new FlotillaError('bad_position', 'a position looks like 9f2c41d07a3e.57');
  return position;
}

/** Null for what cannot be read. */
function messageOf({
  generation,
  offset,
  messageId,
  from,
  at,
  format,
  data,
  isDamaged,
}: LogEntry): HistoryMessage | null {
  if (isDamaged === true) return null;
  const position = formatPosition({ generation, offset });
  try {
    return { position, messageId, from, at, format, data: format === 'json' ? (JSON.parse(data) as unknown) : data };
  } catch {
    return null;
  }
}
