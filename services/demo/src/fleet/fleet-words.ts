// What pages are told of the fleet. Types only, so that the page can import them.

/** A table of the 4,096 slots from slot 0 on, in runs: `[value, count, value, count, …]`. Empty where nobody serves. */
export type SlotRuns = readonly number[];

/** One shard, as the map has it and as it reports itself. */
export interface ShownShard {
  readonly shard: number;
  /** By the map: `up` takes connections. */
  readonly state: 'up' | 'draining' | 'away';
  /** By its own report; null: no such pod is registered. */
  readonly report: 'starting' | 'up' | 'draining' | null;
  readonly connections: number;
  /** Of those: connections on their way to the shard that serves their client by now; those that stay are none. */
  readonly guests: number;
  /** Messages written to sockets a second; null while that is not known yet. */
  readonly perSecond: number | null;
  readonly slotsOwned: number;
  readonly slotsHome: number;
}

/** Slots that changed hands; null stands for nobody. */
export interface MovedSlots {
  readonly from: number | null;
  readonly to: number | null;
  readonly slots: number;
}

/** What new maps did to the slots. Maps that follow before everything has moved are one change. */
export interface FleetChange {
  readonly firstEpoch: number;
  readonly epoch: number;
  /** When this service saw it begin, in milliseconds since 1970. */
  readonly at: number;
  readonly moved: readonly MovedSlots[];
  /** Slots that were elsewhere at any one time, at most. More than `moved` where some have come back. */
  readonly mostMoved: number;
  /** From its beginning until no shard had connections left to send to another, in milliseconds; null: it goes on. */
  readonly tookMs: number | null;
  /** Connections open when it began. */
  readonly connections: number;
  /** Once all reports are in; null before. */
  readonly outcome: ChangeOutcome | null;
}

/** What a change did to connections. */
export interface ChangeOutcome {
  /** Connections that went from one shard to another without an end, at least so many. */
  readonly carried: number;
  /** Connections that ended meanwhile, by the reason that Flotilla gives; those that pages or the business ended are no loss. */
  readonly lost: Readonly<Record<string, number>>;
  /** False: what ended could not be followed all the time, so that more may have been lost. */
  readonly isComplete: boolean;
}

/** What the launcher is asked for, or was last. */
export interface ControlState {
  /** For example `scale to 3`. */
  readonly what: string;
  readonly isRunning: boolean;
  readonly hasFailed: boolean;
  /** What the launcher says, in a sentence; empty while it has not said anything. */
  readonly text: string;
}

/** `GET /api/fleet`. */
export interface FleetAnswer {
  /** Of the map; 0 while none is published. */
  readonly epoch: number;
  readonly shards: readonly ShownShard[];
  readonly connections: number;
  readonly perSecond: number | null;
  readonly owners: SlotRuns;
  readonly homes: SlotRuns;
  /** For slots on their way the shard that still holds connections of theirs, else -1. */
  readonly leaving: SlotRuns;
  /** Newest first. */
  readonly changes: readonly FleetChange[];
  /** Whether this page can scale and kill. */
  readonly isLocal: boolean;
  readonly control: ControlState | null;
}
