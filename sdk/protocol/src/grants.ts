/** Which names a grant covers: all (`true`), the listed ones, or (when it is missing) none. */
export type NameGrant = true | readonly string[];

/** What a client itself may do over its connection. Nothing, unless granted. */
export interface Grants {
  /** Clients it may send to. */
  readonly send?: NameGrant;
  /** Channels it may publish to (membership is not needed). */
  readonly publish?: NameGrant;
  /** Channels it may join and leave. */
  readonly subscribe?: NameGrant;
  /** Whether its texts go to the business (`im.upstream`). */
  readonly upstream?: boolean;
}
