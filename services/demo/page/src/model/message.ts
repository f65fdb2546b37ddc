import type { AcceptedMessage, FileData, PutOutData, ReadData, TextData } from '../../../src/words.ts';
import type { Place } from './place.ts';

/** How far a message has come. Only private messages of one's own go beyond `sent`; `read` is the end. */
export type MessageState = 'sending' | 'failed' | AcceptedMessage['state'] | 'delivered' | 'expired' | 'read';

/** A message as it is shown. */
export interface ShownMessage {
  /** Made by the sender's page. With the sender it is the message's identity: it is there before the id is. */
  readonly key: string;
  readonly from: string;
  /** Of a file its name. */
  readonly text: string;
  /** null: it is a text. */
  readonly file: FileData | null;
  /** null until the log has it. */
  id: string | null;
  place: Place | null;
  /** Milliseconds since 1970; until the log has it, when it was written. */
  at: number;
  state: MessageState;
  /** It was accepted while its receiver was away. */
  isWaited: boolean;
  /** How often Flotilla delivered it to this page. Never above 1; the page tells it so that this can be seen. */
  arrivals: number;
}

/** A message as Flotilla or the history brings it. */
export interface IncomingMessage {
  readonly id: string;
  readonly from: string | null;
  /** null: private. */
  readonly channel: string | null;
  readonly position: string;
  readonly at: number;
  readonly data: unknown;
}

/** How it came. */
export interface Arrival {
  /** By the connection, not from the history. */
  readonly isNews: boolean;
  /** It waited for this person. */
  readonly isWaited: boolean;
}

/** Whether a message's content is the chat's own. */
export function isTextData(data: unknown): data is TextData {
  if (typeof data !== 'object' || data === null) return false;
  const { kind, text, key, to } = data as Partial<Record<string, unknown>>;
  return (
    kind === 'text' &&
    typeof text === 'string' &&
    typeof key === 'string' &&
    ['string', 'undefined'].includes(typeof to)
  );
}

/** Whether a message is a file that somebody sent. */
export function isFileData(data: unknown): data is FileData {
  if (typeof data !== 'object' || data === null) return false;
  const { kind, fileId, name, size, key, to } = data as Partial<Record<string, unknown>>;
  return (
    kind === 'file' && typeof size === 'number' && [fileId, name, key, to].every((each) => typeof each === 'string')
  );
}

/** Whether a message says how far somebody has read. */
export function isReadData(data: unknown): data is ReadData {
  if (typeof data !== 'object' || data === null) return false;
  const { kind, to, messageId } = data as Partial<Record<string, unknown>>;
  return kind === 'read' && typeof to === 'string' && typeof messageId === 'string';
}

/** Whether a message says that this person was put out of a channel. */
export function isPutOutData(data: unknown): data is PutOutData {
  if (typeof data !== 'object' || data === null) return false;
  const { kind, channel, by } = data as Partial<Record<string, unknown>>;
  return kind === 'put-out' && typeof channel === 'string' && typeof by === 'string';
}
