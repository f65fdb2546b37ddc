/** Bounds and times of presence, channels and events, as given. Times in milliseconds. */
export interface StateOptions {
  /** How long a client whose pod crashed counts as online. Default 10,000. */
  readonly graceMs?: number;
  /** How long cursors and control state of a client that is away are kept. Default 30 days. */
  readonly clientStateMs?: number;
  /** Named devices with cursors of their own a client; the one not used for longest is dropped. Default 16. */
  readonly devices?: number;
  /** Age from which a join or leave that was begun counts as left unfinished. Default 5,000. */
  readonly unsettledAfterMs?: number;
  /** How long somebody is told of a receipt. Default 10 minutes. */
  readonly watchMs?: number;
  /** Events kept a partition; `upstream` refuses more, the others drop their oldest. Defaults 2,000, 10,000 and 10,000. */
  readonly streams?: { readonly presence?: number; readonly receipts?: number; readonly upstream?: number };
  /** Dead letters kept a partition, stream and consumer group. Default 1,000. */
  readonly deadLetters?: number;
  /** How long the ids of upstream frames, and of requests to join or leave, are remembered. Default 10 minutes. */
  readonly frameIdMs?: number;
  /** First page of a log: entries, and about as many bytes. Defaults 256 and 1 MiB. */
  readonly pageEntries?: number;
  readonly pageBytes?: number;
}

/** The same with defaults. */
export type CompiledStateOptions = Required<Omit<StateOptions, 'streams'>> & {
  readonly streams: Readonly<Record<'presence' | 'receipts' | 'upstream', number>>;
};

const DAY_MS = 86_400_000;

/** Fills in the defaults. */
export function compileStateOptions(given: StateOptions = {}): CompiledStateOptions {
  return {
    graceMs: given.graceMs ?? 10_000,
    clientStateMs: given.clientStateMs ?? 30 * DAY_MS,
    devices: given.devices ?? 16,
    unsettledAfterMs: given.unsettledAfterMs ?? 5_000,
    watchMs: given.watchMs ?? 600_000,
    streams: { presence: 2_000, receipts: 10_000, upstream: 10_000, ...given.streams },
    deadLetters: given.deadLetters ?? 1_000,
    frameIdMs: given.frameIdMs ?? 600_000,
    pageEntries: given.pageEntries ?? 256,
    pageBytes: given.pageBytes ?? 1_048_576,
  };
}
