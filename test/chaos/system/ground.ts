import type { Store } from '@flotilla-im/store';
import type { Links } from './links.ts';
import type { Programs } from './processes/programs.ts';
import type { SystemFiles } from './system-files.ts';

/** What the parts of a system stand on. */
export interface Ground {
  readonly cluster: string;
  readonly files: SystemFiles;
  readonly programs: Programs;
  readonly links: Links;
  /** The state in Redis, past every link. */
  readonly store: Store;
  /** What is to be done at the end, the last first. */
  readonly atEnd: (end: () => unknown) => void;
}
