import type { ShardMap } from '@flotilla-im/protocol';

/** The map in force and what it takes to replace it. */
export interface AuthorityRecord {
  /** null: what is there cannot be read, since somebody has edited it. */
  readonly map: ShardMap | null;
  /** Opaque; changes with each write. */
  readonly version: string;
}

/**
 * Where the epoch is minted: the one place that two operators cannot both write. A ConfigMap, or a file of the launcher.
 */
export interface MapAuthority {
  /** null: there is no map yet. May come from a cache, since a write by an outdated version is a conflict. */
  read(): Promise<AuthorityRecord | null>;
  /** Replaces what has that version (null: nothing may be there yet). `conflict`: somebody else wrote first; read again. */
  write(map: ShardMap, version: string | null): Promise<'written' | 'conflict'>;
}
