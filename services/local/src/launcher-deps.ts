import type { LogFiles } from './processes/log-files.ts';
import type { PortProbe } from './ports.ts';
import type { AskRedis } from './redis/ask-redis.ts';
import type { System } from './redis/system.ts';
import type { Progress } from './screen/progress.ts';
import type { StateFolder } from './state/state-folder.ts';

/** What a launch asks of its surroundings. */
export interface LauncherDeps {
  /** The project's folder, ending with a slash. */
  readonly root: URL;
  readonly state: StateFolder;
  readonly environment: NodeJS.ProcessEnv;
  readonly system: System;
  readonly ask: AskRedis;
  readonly isPortFree: PortProbe;
  readonly logs: LogFiles;
  /** Where Debian's package may be kept. */
  readonly cacheFolder: string;
  /** Tells this machine and folder from others: 8 letters and digits. */
  readonly folderId: string;
  /** A line for the person. */
  readonly say: (line: string) => void;
  readonly progress: Progress;
  readonly nowMs: () => number;
  readonly pid: number;
  readonly isAlive: (pid: number) => boolean;
  /** Whether a launcher answers at its control address. */
  readonly answers: (controlUrl: string) => Promise<boolean>;
}
