import { mkdir } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';

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
  /** What people send each other through the demo. */
  readonly demoFiles: string;
  readonly logs: string;
  /** The log file of a part, as it is named to a person: `.flotilla/logs/shard-1.log`. */
  readonly logOf: (name: string) => string;
  /** A path in it, as it is named to a person. */
  readonly shown: (path: string) => string;
}

/**
 * Names of everything that a launcher keeps.
 *
 * @param root - the project's folder
 * @param given - another folder than `.flotilla` in it: `FLOTILLA_LOCAL_STATE`, for a second cluster of one clone
 */
export function stateFolder(root: string, given: string | undefined): StateFolder {
  const path = given === undefined || given === '' ? join(root, '.flotilla') : resolve(root, given);
  const shown = (inside: string): string => {
    const short = relative(root, inside);
    return short.startsWith('..') ? inside : short;
  };
  const logs = join(path, 'logs');
  return {
    path,
    control: join(path, 'control.json'),
    tokenKeys: join(path, 'token-keys.json'),
    fleet: join(path, 'fleet.json'),
    map: join(path, 'map.json'),
    redis: join(path, 'redis.json'),
    redisData: join(path, 'redis'),
    demoFiles: join(path, 'demo-files'),
    logs,
    logOf: (name) => shown(join(logs, `${name}.log`)),
    shown,
  };
}

/** Makes the folder when it is not there; nobody else may look into it. */
export async function makeStateFolder({ path, redisData, logs }: StateFolder): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  await mkdir(redisData, { recursive: true });
  await mkdir(logs, { recursive: true });
}
