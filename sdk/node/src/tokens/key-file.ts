import { readFile, stat } from 'node:fs/promises';
import { FlotillaError } from '@flotilla-im/protocol';
import type { TokenKeySet } from './key-set.ts';
import { parseTokenKeySet } from './parse-key-set.ts';

/** A JWKS file as it was when it was read. */
export interface KeyFile {
  readonly path: string;
  readonly set: TokenKeySet;
  /** Whether the path leads to other content now. A mounted secret changes by a link, so the file behind it counts. */
  isChanged(): Promise<boolean>;
}

/**
 * Reads a JWKS file.
 *
 * @throws {FlotillaError} bad_options when it cannot be read or holds no usable key set
 */
export async function openKeyFile(path: string): Promise<KeyFile> {
  // The stamp first: a change between the two reads is then seen as one the next time.
  const stamp = await stampOf(path);
  const text = await readText(path);
  return { path, set: parseTokenKeySet(text, path), isChanged: async () => (await stampOf(path)) !== stamp };
}

async function stampOf(path: string): Promise<string> {
  try {
    const { ino, size, mtimeNs } = await stat(path, { bigint: true });
    return `${ino} ${size} ${mtimeNs}`;
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw unreadable(path, cause);
  }
}

function unreadable(path: string, cause: unknown): FlotillaError {
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return new FlotillaError('bad_options', `the token key file ${path} cannot be read${code}`, { cause });
}
