import type { AcceptedMessage, FileData } from '../words.ts';

/** What is known of a file that lies here whole. */
export interface StoredFile extends Omit<FileData, 'kind'> {
  readonly from: string;
  /** When it was whole, in milliseconds since 1970. */
  readonly at: number;
}

/** As long as Flotilla's logs keep the message that speaks of it. */
export const KEPT_MS = 48 * 3_600_000;

/** A file whose message was not accepted in this time is nobody's: its page has given up long before. */
export const UNSENT_KEPT_MS = 3_600_000;

/** What did not become whole in this time never will: Node ends a request after 5 minutes. */
export const UNFINISHED_KEPT_MS = 600_000;

/** Whether a file may still be had. */
export function isKept({ at }: Pick<StoredFile, 'at'>, now: number): boolean {
  return now - at < KEPT_MS;
}

/** The message that speaks of it. */
export function dataOf({ fileId, name, size, type, key, to }: StoredFile): FileData {
  return { kind: 'file', fileId, name, size, type, key, to };
}

/** A file with the message that speaks of it; null: that was not accepted yet. */
export interface FoundFile {
  readonly file: StoredFile;
  readonly message: AcceptedMessage | null;
}
