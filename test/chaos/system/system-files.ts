import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ensureTokenKeys } from '@flotilla-im/local/testing';

/** The files of a system. */
export interface SystemFiles {
  readonly tokenKeys: string;
  /** What the fleet tells the operator, and where the operator mints the map. */
  readonly fleet: string;
  readonly map: string;
  /** Folder with what each program prints. */
  readonly logs: string;
  /** Folder of Redis. */
  readonly redis: string;
  /** The wall clock of a process. */
  readonly clockOf: (name: string) => string;
}

/** Makes the folder where it is not there, and in it what is needed from the start. */
export async function makeSystemFiles(folder: string): Promise<SystemFiles> {
  const files: SystemFiles = {
    tokenKeys: join(folder, 'token-keys.json'),
    fleet: join(folder, 'fleet.json'),
    map: join(folder, 'map.json'),
    logs: join(folder, 'logs'),
    redis: join(folder, 'redis'),
    clockOf: (name) => join(folder, `clock-${name}`),
  };
  for (const path of [folder, files.logs, files.redis]) await mkdir(path, { recursive: true });
  await ensureTokenKeys(files.tokenKeys, randomBytes);
  return files;
}
