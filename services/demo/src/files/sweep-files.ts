import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FILE_ID, UNFINISHED } from './file-folder.ts';
import { isKept, type StoredFile, UNFINISHED_KEPT_MS, UNSENT_KEPT_MS } from './stored-file.ts';

/**
 * Removes what is older than the messages that speak of it, and what nobody will finish. Whatever else lies in the folder
 * is left alone. What cannot be removed now is left for the next time.
 *
 * @param path - the files' folder
 * @param now - milliseconds since 1970
 * @param onError - hears of what could not be removed
 * @returns how many files were removed
 */
export async function sweepFiles(path: string, now: number, onError: (error: unknown) => void): Promise<number> {
  let removed = 0;
  for (const name of await readdir(path)) {
    try {
      if (!(await isOver(join(path, name), name, now))) continue;
      await rm(join(path, name), { recursive: true, force: true });
      removed += 1;
    } catch (error) {
      onError(error);
    }
  }
  return removed;
}

async function isOver(folder: string, name: string, now: number): Promise<boolean> {
  if (UNFINISHED.test(name)) return now - (await changedAt(folder)) > UNFINISHED_KEPT_MS;
  if (!FILE_ID.test(name)) return false;
  const file = JSON.parse(await readFile(join(folder, 'file.json'), 'utf8')) as StoredFile;
  if (!isKept(file, now)) return true;
  const isSent = (await readdir(folder)).includes('message.json');
  return !isSent && now - file.at > UNSENT_KEPT_MS;
}

/** Its content's last change; the folder's, where there is none. */
async function changedAt(folder: string): Promise<number> {
  const content = await stat(join(folder, 'content')).catch(() => stat(folder));
  return content.mtimeMs;
}
