import { randomBytes } from 'node:crypto';
import {
  access,
  constants,
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import type { AcceptedMessage } from '../words.ts';
import { type FoundFile, isKept, type StoredFile } from './stored-file.ts';

/** A file that is being written. */
export interface UnfinishedFile {
  /** Resolves when the disk has taken it. */
  readonly write: (chunk: Uint8Array) => Promise<void>;
  /**
   * It is whole. A file of that id that was whole before stays as it is.
   *
   * @returns what lies there now
   */
  finish(file: StoredFile): Promise<FoundFile>;
  /** Nothing of it stays. Harmless once it is whole. */
  discard(): Promise<void>;
}

/** The files that lie here, in a folder that several processes may share. */
export interface FileFolder {
  begin(): Promise<UnfinishedFile>;
  /** null: there is none, or none any more. */
  find(fileId: string): Promise<FoundFile | null>;
  /** The message of a file was accepted. */
  sent(fileId: string, message: AcceptedMessage): Promise<void>;
  /** What is in it. null: there is none. */
  open(fileId: string): Promise<FileHandle | null>;
  /** Bytes of all contents, also of what is not whole yet. */
  usedBytes(): Promise<number>;
}

/** In each file's own folder. */
const CONTENT = 'content';
const ABOUT = 'file.json';
const MESSAGE = 'message.json';
/** SHA-256 in base64url. */
export const FILE_ID = /^[\w-]{43}$/u;
/** What is not whole yet ends so, and begins with 16 random bytes. */
export const UNFINISHED = /^[0-9a-f]{32}\.part$/u;
const OWN = { mode: 0o600, flag: 'wx' } as const;

/**
 * Each file is a folder of its own with its content and what is known of it, written under a random name and given its id
 * by one rename: there is never half a file, and of two that write the same one the first wins. Nobody else on the
 * machine may look into it.
 *
 * @param path - made where it is missing
 * @param wallMs - milliseconds since 1970
 */
export async function openFileFolder(path: string, wallMs: () => number): Promise<FileFolder> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
  const at = (...parts: readonly string[]): string => join(path, ...parts);
  const find = async (fileId: string): Promise<FoundFile | null> => {
    const file = await read<StoredFile>(at(fileId, ABOUT));
    if (file === null || !isKept(file, wallMs())) return null;
    return { file, message: await read<AcceptedMessage>(at(fileId, MESSAGE)) };
  };
  return {
    find: (fileId) => (FILE_ID.test(fileId) ? find(fileId) : Promise.resolve(null)),
    async begin() {
      const part = at(`${randomBytes(16).toString('hex')}.part`);
      await mkdir(part, { mode: 0o700 });
      const handle = await open(join(part, CONTENT), 'wx', 0o600);
      return {
        write: (chunk) => handle.appendFile(chunk),
        async finish(file) {
          await handle.close();
          await writeFile(join(part, ABOUT), JSON.stringify(file), OWN);
          await settle(part, at(file.fileId), async () => (await find(file.fileId)) !== null);
          return { file, message: null, ...(await find(file.fileId)) };
        },
        async discard() {
          await handle.close().catch(() => undefined);
          await rm(part, { recursive: true, force: true });
        },
      };
    },
    async sent(fileId, message) {
      const draft = at(fileId, `${randomBytes(8).toString('hex')}.json`);
      await writeFile(draft, JSON.stringify(message), OWN);
      await rename(draft, at(fileId, MESSAGE));
    },
    open: (fileId) => (FILE_ID.test(fileId) ? orNull(open(at(fileId, CONTENT))) : Promise.resolve(null)),
    async usedBytes() {
      const names = (await readdir(path)).filter((name) => FILE_ID.test(name) || UNFINISHED.test(name));
      const sizes = names.map(async (name) => (await orNull(stat(at(name, CONTENT))))?.size ?? 0);
      return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    },
  };
}

/** @param isTaken - whether what lies there may still be had; what may not gives way */
async function settle(part: string, final: string, isTaken: () => Promise<boolean>): Promise<void> {
  try {
    await rename(part, final);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw error;
    if (await isTaken()) return;
    await rm(final, { recursive: true, force: true });
    await rename(part, final);
  }
}

async function read<T>(path: string): Promise<T | null> {
  const text = await orNull(readFile(path, 'utf8'));
  return text === null ? null : (JSON.parse(text) as T);
}

/** null: there is no such file. */
async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
