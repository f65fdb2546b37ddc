/** What only grows, in plain numbers: the hot path adds to them, a scrape reads them. */
export interface Totals {
  readonly delivered: number;
  readonly deliveredLive: number;
  readonly droppedLive: number;
  readonly slowCatchUps: number;
  readonly slowCloses: number;
  readonly slowDropped: number;
  readonly slowSuperseded: number;
  readonly notifies: number;
  readonly unreadable: number;
  readonly gapFills: number;
  readonly rereads: number;
  readonly storeLosses: number;
}

/** What goes up and down. */
export interface Levels {
  readonly connections: { readonly plain: number; readonly v1: number; readonly socketio: number };
  readonly guests: number;
  readonly slotsOwned: number;
  readonly epoch: number;
  readonly queuedBytes: number;
  /** Conditions of readiness by name. */
  readonly conditions: Readonly<Record<string, boolean>>;
}

/** Where a scrape reads a shard's figures. */
export interface Figures {
  totals(): Totals;
  levels(): Levels;
}
