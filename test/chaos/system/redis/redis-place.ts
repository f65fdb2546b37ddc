import type { RedisControl } from '../system.ts';

/** A Redis, alone or behind a Sentinel, before anybody has a way to it. */
export interface RedisPlace {
  /** Of every Redis there is. */
  readonly ports: readonly number[];
  readonly sentinelPort: number | null;
  /** The address by which a program reaches it, with the port that it is to dial first. */
  urlAt(port: number): string;
  /** @param url - what business processes use */
  control(url: string): RedisControl;
  /** Has whoever is stopped go on. */
  wake(): void;
  /** Ends everything, whatever state it is in. */
  close(): Promise<void>;
}

/** How a private Redis is to be. */
export interface RedisSettings {
  /** A folder that is there, for its files. */
  readonly folder: string;
  readonly appendfsync: 'always' | 'everysec' | 'no';
  /** Whether it goes before the other programs of this machine, where that may be decided. */
  readonly isPreferred: boolean;
}
