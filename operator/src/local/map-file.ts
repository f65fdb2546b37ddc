import { randomUUID } from 'node:crypto';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { parseShardMap } from '@flotilla-im/protocol';
import type { AuthorityRecord, MapAuthority } from '../act/map-authority.ts';
import { replaceFile } from './replace-file.ts';

/** A lock older than this was left by a process that died: writing takes milliseconds. */
const STALE_LOCK_MS = 5_000;

/**
 * The map's authority in a file `{version, map}`: compare-and-swap by a lock file beside it, a version in it, and a rename.
 * For one machine; the folder must not be a network file system.
 */
export function createMapFile(path: string): MapAuthority {
  return {
    read: () => readRecord(path),
    async write(map, version) {
      const unlock = await lock(`${path}.lock`);
      if (unlock === null) return 'conflict';
      try {
        const current = await readRecord(path);
        if ((current?.version ?? null) !== version) return 'conflict';
        await replaceFile(path, `${JSON.stringify({ version: randomUUID(), map })}\n`);
        return 'written';
      } finally {
        await unlock();
      }
    },
  };
}

async function readRecord(path: string): Promise<AuthorityRecord | null> {
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  });
  if (text === null) return null;
  const record = JSON.parse(text) as { readonly version?: unknown; readonly map?: unknown };
  if (typeof record.version !== 'string') throw new Error(`${path} holds no shard map`);
  return { map: parseShardMap(record.map), version: record.version };
}

/** Null while another process holds the lock. */
async function lock(path: string): Promise<(() => Promise<void>) | null> {
  try {
    await (await open(path, 'wx')).close();
    return () => rm(path, { force: true });
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
    const madeMs = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Infinity,
    );
    if (Date.now() - madeMs > STALE_LOCK_MS) await rm(path, { force: true });
    return null;
  }
}

function hasCode(error: unknown, code: string): boolean {
  return (error as { code?: unknown } | null)?.code === code;
}
