import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the launcher keeps what outlives it, and what its parts read. */
export interface StateFolder {
  readonly path: string;
  readonly control: string;
  readonly tokenKeys: string;
  readonly fleet: string;
  readonly map: string;
  /** The private Redis: which one runs, and its data. */
  readonly redis: string;
  readonly redisData: string;
  readonly logs: string;
}

/** Names of everything in the folder `.flotilla` of the project, made when it is not there; nobody else may look into it. */
export async function openStateFolder(root: string): Promise<StateFolder> {
  const path = join(root, '.flotilla');
  const folder: StateFolder = {
    path,
    control: join(path, 'control.json'),
    tokenKeys: join(path, 'token-keys.json'),
    fleet: join(path, 'fleet.json'),
    map: join(path, 'map.json'),
    redis: join(path, 'redis.json'),
    redisData: join(path, 'redis'),
    logs: join(path, 'logs'),
  };
  await mkdir(path, { recursive: true, mode: 0o700 });
  await mkdir(folder.redisData, { recursive: true });
  await mkdir(folder.logs, { recursive: true });
  return folder;
}
