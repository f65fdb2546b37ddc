/** A Lease as the election sees it. */
export interface LeaseRecord {
  /** Who leads; empty when it was given back. */
  readonly holder: string;
  readonly durationMs: number;
  /** How often it changed hands. */
  readonly transitions: number;
  /** Wall clock of the holder, as text. Never compared with another clock: only whether it changed. */
  readonly renewedAt: string;
  readonly acquiredAt: string;
  /** Opaque; changes with each write. */
  readonly version: string;
}

/** What is written; the version of what was written comes back. */
export type LeaseDraft = Omit<LeaseRecord, 'version'>;

/** Where the Lease lives. */
export interface LeaseStore {
  /** null: there is none. */
  read(): Promise<LeaseRecord | null>;
  /** Replaces what has that version; null: creates. `conflict`: somebody else did something first. */
  write(draft: LeaseDraft, version: string | null): Promise<LeaseRecord | 'conflict'>;
}
