import type { CallOptions } from '../calls/call-options.ts';

/** A message as kept in a log. */
export interface HistoryMessage {
  /** `generation.offset`. */
  readonly position: string;
  readonly messageId: string;
  readonly from: string | null;
  /** Milliseconds since 1970 by the store's clock. */
  readonly at: number;
  readonly format: 'json' | 'text';
  /** The JSON value; for `text` the string. */
  readonly data: unknown;
}

/** Where to read. */
export interface HistoryOptions extends CallOptions {
  /** Reads what comes after it, `generation.offset`. Default: from the oldest message kept. */
  readonly after?: string | undefined;
  /** Ends after that many messages. Default: at the end the log had when it was reached. */
  readonly limit?: number | undefined;
  /** Messages a round trip. Default 256. */
  readonly pageSize?: number | undefined;
}

/** Some of a log, in order. */
export interface HistoryPage {
  readonly messages: readonly HistoryMessage[];
  /** The page begins after this position. */
  readonly start: string;
  /** False when messages between the position asked for and `start` cannot be had any more. */
  readonly recovered: boolean;
}

/** A walk through a log: `for await` over it gives messages, over `pages()` also whether something is missing. */
export interface HistoryReader extends AsyncIterable<HistoryMessage> {
  pages(): AsyncIterable<HistoryPage>;
}

/** What was sent, as long as the logs keep it: 2 days, 10,000 messages and 8 MiB a log by default. */
export interface History {
  /** Messages to a client. @throws `bad_position` for text that is none */
  inbox(clientId: string, options?: HistoryOptions): HistoryReader;
  /** Messages to a channel. */
  channel(channel: string, options?: HistoryOptions): HistoryReader;
  /** Broadcasts. */
  broadcasts(options?: HistoryOptions): HistoryReader;
}
