import { createHmac } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { Flotilla } from '@flotilla-im/sdk';
import { HttpProblem } from '../http/problem.ts';
import type { Messages } from '../messages/messages.ts';
import type { AcceptedFile } from '../words.ts';
import { tellComing } from './coming.ts';
import type { FileFolder } from './file-folder.ts';
import { type FileType, findType, refusalOf } from './file-types.ts';
import { checkSize, receiveFile } from './receive-file.ts';
import { dataOf, type FoundFile, type StoredFile } from './stored-file.ts';
import { UnderWay } from './under-way.ts';

/** A file as somebody sends it. */
export interface Upload {
  readonly from: string;
  readonly to: string;
  /** As it will be shown. */
  readonly name: string;
  /** Made by the page: repeating the whole upload with it adds nothing. */
  readonly key: string;
  /** The type that the browser named. */
  readonly declared: string;
  /** As the request says; null: it does not say. */
  readonly length: number | null;
  readonly source: AsyncIterable<Uint8Array>;
}

/** A file that somebody may have. */
export interface OpenFile {
  readonly file: StoredFile;
  /** Whoever asked for it closes it. */
  readonly content: FileHandle;
}

/** Files from one person to another. */
export interface Files {
  /**
   * Resolves once the file is on the disk and its message in both inboxes.
   *
   * @throws {HttpProblem} 400 empty_file, key_conflict; 413 file_too_large; 415 bad_type; 429 too_many_uploads;
   * 507 no_space. Nothing of the file stays then.
   */
  receive(upload: Upload): Promise<AcceptedFile>;
  /**
   * Only for its sender and its receiver: to others it is as if it did not exist.
   *
   * @throws {HttpProblem} 404 file_gone
   */
  open(fileId: string, clientId: string): Promise<OpenFile>;
}

/** What files need. */
export interface FilesDeps {
  readonly folder: FileFolder;
  readonly messages: Pick<Messages, 'sendFile'>;
  readonly flotilla: Pick<Flotilla, 'send'>;
  /** What ids are made with, so that nobody can guess one. */
  readonly secret: string;
  readonly limitBytes: number;
  /** Of all files together. */
  readonly totalBytes: number;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
  /** Hears of what could not be told or cleared away, which is no harm. */
  readonly onError: (error: unknown) => void;
}

/** The id of a file is made of who sends it and the page's key, so that a repetition in any process finds it. */
export function createFiles(deps: FilesDeps): Files {
  const { folder, limitBytes, secret } = deps;
  const underWay = new UnderWay();
  const idOf = ({ from, key }: Upload): string =>
    createHmac('sha256', secret).update(`demo file\n${from}\n${key}`).digest('base64url');
  return {
    async receive(upload) {
      const { length, declared } = upload;
      if (length !== null) checkSize(length, limitBytes);
      const type = findType(declared);
      if (type === null) throw new HttpProblem(415, 'bad_type', refusalOf(declared));
      const fileId = idOf(upload);
      const found = (await folder.find(fileId)) ?? (await store(deps, underWay, { ...upload, fileId, type }));
      return announce(deps, checkSame(found, upload, type));
    },
    async open(fileId, clientId) {
      const { file } = (await folder.find(fileId)) ?? {};
      const isTheirs = file?.from === clientId || file?.to === clientId;
      const content = isTheirs ? await folder.open(fileId) : null;
      if (file === undefined || content === null) {
        throw new HttpProblem(404, 'file_gone', 'There is no such file, or it is gone: files are kept for 2 days.');
      }
      return { file, content };
    },
  };
}

interface Storing extends Omit<Upload, 'declared'> {
  readonly fileId: string;
  readonly type: FileType;
}

/** Writes it to the disk; whatever goes wrong leaves nothing behind. */
async function store(deps: FilesDeps, underWay: UnderWay, storing: Storing): Promise<FoundFile> {
  const { folder, limitBytes, totalBytes, flotilla, onError } = deps;
  const { from, to, name, length, type, source } = storing;
  const end = underWay.begin(from, length ?? limitBytes);
  let tellEnd = (_hasCome: boolean): void => undefined;
  try {
    if ((await folder.usedBytes()) + underWay.bytes > totalBytes) throw noSpace();
    const unfinished = await folder.begin();
    try {
      const begun = (): void => {
        tellEnd = tellComing(flotilla, { from, to, name, size: length ?? 0 }, onError);
      };
      const size = await receiveFile(source, { type, limitBytes, write: unfinished.write, begun });
      const found = await unfinished.finish(fileOf(storing, size, deps.wallMs()));
      tellEnd(true);
      return found;
    } finally {
      await unfinished.discard().catch(onError);
    }
  } catch (error) {
    tellEnd(false);
    throw isFull(error) ? noSpace() : error;
  } finally {
    end();
  }
}

function fileOf({ fileId, from, to, name, key, type }: Storing, size: number, at: number): StoredFile {
  return { fileId, from, to, name, size, type: type.type, key, at };
}

function noSpace(): HttpProblem {
  return new HttpProblem(507, 'no_space', 'There is no room for this file at present.');
}

/** A disk that is full is no fault of the software. */
function isFull(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** A key belongs to one file. */
function checkSame(found: FoundFile, { to, name, length }: Upload, { type }: FileType): FoundFile {
  const { file } = found;
  const isSame = file.to === to && file.name === name && file.type === type && (length ?? file.size) === file.size;
  if (isSame) return found;
  throw new HttpProblem(400, 'key_conflict', 'Another file was sent with this key.');
}

/** The message's key is the file's: a repetition gets the message that was accepted before. */
async function announce({ folder, messages }: FilesDeps, { file, message }: FoundFile): Promise<AcceptedFile> {
  const data = dataOf(file);
  if (message !== null) return { ...message, data };
  const accepted = await messages.sendFile(file.from, data);
  await folder.sent(file.fileId, accepted);
  return { ...accepted, data };
}
