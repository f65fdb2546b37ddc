import type { FlushTick } from '../delivery/flush-tick.ts';
import type { DeliveryTotals } from '../delivery/delivery-totals.ts';
import type { Rate } from '../limits/token-bucket.ts';
import type { Connection } from './connection.ts';
import type { MarkedPlace } from './marks.ts';
import type { ClientRequest, Positions } from './session.ts';

/** What is one for all connections of a pod. No method throws; failures are answered to the connection or retried. */
export interface ConnectionHost {
  readonly tick: FlushTick;
  readonly totals: DeliveryTotals;
  readonly queueBytes: number;
  readonly frameRate: Rate;
  /** Monotonic milliseconds. */
  nowMs(): number;
  resume(connection: Connection, positions: Positions): void;
  acknowledge(connection: Connection, positions: Positions): void;
  /** The peer has all that its marks stood for. */
  confirmed(connection: Connection, places: readonly MarkedPlace[]): void;
  request(connection: Connection, frame: ClientRequest): void;
  upstreamText(connection: Connection, text: string): void;
  /** The peer has read what was queued when it was asked. */
  answered(connection: Connection): void;
  /** Its transport has room again. */
  unchoked(connection: Connection): void;
  /** Brings followers that are behind as far as the queue allows. */
  catchUp(connection: Connection): void;
  /** A connection that cannot be told so lost messages before a place of a log, or skipped them since it was slow. */
  lost(connection: Connection, place: MarkedPlace, reason?: 'slow'): void;
  /** Something failed that should not. */
  fault(error: Error): void;
  /** The socket is gone. */
  ended(connection: Connection, code: number): void;
}
