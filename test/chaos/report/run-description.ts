import type { LoadSettings } from '../load/load.ts';

/** What a run was, told beside its verdict. Plain JSON. */
export interface RunDescription {
  /** Everything that a run chooses by chance follows from it. */
  readonly seed: number | string;
  /** Date and time, ISO 8601. */
  readonly startedAt: string;
  /** The command line that runs the same again. */
  readonly command: string;
  readonly machine: { readonly cores: number; readonly memoryBytes: number; readonly os: string };
  /** By the name of the program: `{ flotilla: '0.1.0', redis: '7.0.15', node: '24.1.0' }`. */
  readonly versions: Readonly<Record<string, string>>;
  readonly load: Pick<LoadSettings, 'clients' | 'channels' | 'inboxPerSecond' | 'channelPerSecond'>;
  /** In words, without a full stop: `one Redis, 3 to 5 shards, one operator`. */
  readonly topology: string;
  /** What each kind of fault does, in words, by its name: what a fault itself tells are victims and lengths. */
  readonly faultWords?: Readonly<Record<string, string>>;
  /** From the first send to the last journal. */
  readonly durationS: number;
}
