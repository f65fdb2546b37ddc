import type { MachineShares } from '../../../support/machine-use.ts';
import type { Percentiles } from './durations.ts';
import type { ClientKind } from './ledger.ts';

/** What went wrong with arrivals, counted. */
export interface Faults {
  /** Came a second time where it must not. */
  doubled: number;
  /** Came after a later one. */
  reordered: number;
  /** Came again over a new connection: allowed for plain and Socket.IO clients. */
  repeated: number;
  /** Came to a client that it was not meant for. */
  misled: number;
  /** Logs of which a client was told that messages are lost. */
  toldLost: number;
}

/** All clients of a kind, in one window. */
export interface AccountOfKind extends Readonly<Faults> {
  readonly clients: number;
  /** Accepted by the store, not arrived yet: lost, if that does not change. */
  readonly lacking: number;
  /** Per client the longest time in which something was due and nothing came. */
  readonly gapMs: Percentiles;
  /** The same of those clients alone that got a new connection. */
  readonly movedGapMs: Percentiles;
  /** Per new connection the same, of the time around it. */
  readonly moveGapMs: Percentiles;
  /** By second of the window, how many clients' longest gap ended in it, of those above 100 ms. */
  readonly longGapsAtS: readonly (readonly [second: number, clients: number])[];
}

/** What the observer found in one window. */
export interface LedgerReport {
  readonly kinds: Readonly<Record<ClientKind, AccountOfKind>>;
  /** From acceptance to arrival, of all messages. */
  readonly delayMs: Percentiles;
  /** The first faults in words. */
  readonly examples: readonly string[];
}

/** Connections that ended in the window. */
export interface Closes {
  readonly kind: ClientKind;
  readonly slot: number;
  /** The shard that held them. */
  readonly shard: number;
  readonly code: number;
  readonly count: number;
}

/** Most connections that a shard began to serve within any second of the window. */
export interface PeakArrivals {
  readonly shard: number;
  readonly perSecond: number;
}

/** What the sender went through in the window. */
export interface SenderReport {
  /** Messages that the store accepted. */
  readonly accepted: number;
  /** The same for each second in which it was to send. */
  readonly perSecond: number;
  /** Calls that failed and were made again, by error code. */
  readonly failed: Readonly<Record<string, number>>;
  /** From the first call for a message to its acceptance. */
  readonly acceptMs: Percentiles;
}

/** Everything that the load tells of one window. */
export interface LoadReport extends LedgerReport {
  readonly windowMs: number;
  readonly closes: readonly Closes[];
  readonly peaks: readonly PeakArrivals[];
  readonly sender: SenderReport;
  /** How late this program's own timers were: no figure here is truer than that. */
  readonly ownDelayMs: Percentiles;
  /** Of the machine that it runs on; null where that does not tell. */
  readonly machine: MachineShares | null;
}

/** How the load does now. */
export interface LoadStatus {
  /** What the names of its clients begin with: `<name>-v1-0`, `<name>-v1-1`, … */
  readonly name: string;
  /** Clients that are served, of all. */
  readonly connected: Readonly<Record<ClientKind, number>>;
  readonly clients: Readonly<Record<ClientKind, number>>;
  readonly isSending: boolean;
  /** Messages of which the sender waits for an answer. */
  readonly unanswered: number;
  /** Accepted, not arrived. */
  readonly lacking: number;
}
