import { createKeys } from '@flotilla-im/store';
import type { Assembled } from './assemble.ts';
import type { ScreenContent, ScreenShard } from './screen/screen.ts';

/** A cluster that runs. */
export interface Launched {
  /** What `--json` prints: demo, shards, Redis, prefix, token keys, and where to control it. */
  facts(): Promise<Readonly<Record<string, unknown>>>;
  /** What the screen shows, as of now. */
  screen(isInteractive: boolean): Promise<ScreenContent>;
}

/** Where a cluster is reached. */
export interface Places {
  readonly demo: string;
  readonly control: string;
  /** Folder of the log files. */
  readonly logs: string;
}

/** Puts together what is told of a cluster that runs. */
export function describeLaunch(assembled: Assembled, places: Places, shards: () => Promise<ScreenShard[]>): Launched {
  const { redisUrl, redisTitle, notes, parts } = assembled;
  const { cluster, tokenKeysFile } = assembled.identity;
  const { demo, control, logs } = places;
  const prefix = redisUrl === null ? null : createKeys(cluster).prefix;
  return {
    async facts() {
      const mode = parts.isOneProcess ? 'one-process' : 'processes';
      const addresses = (await shards()).map(({ id, url }) => ({ id, url }));
      return { demo, shards: addresses, redis: redisUrl, cluster, prefix, tokenKeysFile, control, logs, mode };
    },
    async screen(isInteractive) {
      const lines = await shards();
      return { demo, redis: redisTitle, cluster, prefix, tokenKeysFile, logs, shards: lines, notes, isInteractive };
    },
  };
}
