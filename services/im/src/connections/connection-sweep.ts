import { FlotillaError } from '@flotilla-im/protocol';
import { endingWith } from './ending.ts';
import type { ClientTable } from './client-table.ts';
import type { Connection } from './connection.ts';
import type { DeliveryTotals } from '../delivery/delivery-totals.ts';

/** How often all connections are looked at: the grain of every time limit below. */
export const SWEEP_MS = 500;
/** A sweep that comes so much too late was held up by the pod itself, or by its machine. */
const LATE_MS = 500;
/** Who has not been welcomed by then had better try another time: the store is away. */
const RESUMING_MS = 30_000;
/** A transport that did not end by itself after our goodbye. */
const CLOSING_MS = 10_000;

/** The times by which connections are judged. */
export interface SweepLimits {
  readonly helloTimeoutMs: number;
  readonly heartbeatTimeoutMs: number;
  readonly slowReaderMs: number;
}

/** What the sweep needs. */
export interface ConnectionSweepDeps {
  readonly clients: ClientTable;
  readonly limits: SweepLimits;
  readonly totals: DeliveryTotals;
  /** Monotonic milliseconds. */
  readonly nowMs: () => number;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
}

interface Stall {
  pulse: number;
  sinceMs: number;
}

/** One walk over all connections for everything that time decides, so that no connection has a timer. */
export class ConnectionSweep {
  readonly #deps: ConnectionSweepDeps;
  /** Connections with a backlog only. */
  #stalls = new Map<Connection, Stall>();
  #sweptAtMs: number;
  #hasWaited = false;

  constructor(deps: ConnectionSweepDeps) {
    this.#deps = deps;
    this.#sweptAtMs = deps.nowMs();
  }

  sweep(): void {
    const { clients } = this.#deps;
    const nowMs = this.#deps.nowMs();
    if (this.#mustWait(nowMs)) return;
    const wallMs = this.#deps.wallMs();
    const stalls = new Map<Connection, Stall>();
    for (let i = clients.connections.length - 1; i >= 0; i--) {
      const connection = clients.connections[i];
      if (connection === undefined) continue;
      if (connection.phase === 'open') this.#judgeOpen(connection, nowMs, wallMs, stalls);
      else this.#judgeOther(connection, nowMs);
    }
    this.#stalls = stalls;
  }

  /**
   * A pod that slept has not read what its clients said and took meanwhile, and timers come before sockets: nobody is judged
   * by that time until it has. Only once in a row: a pod that is always late must notice the dead all the same.
   */
  #mustWait(nowMs: number): boolean {
    const isLate = nowMs - this.#sweptAtMs > SWEEP_MS + LATE_MS;
    this.#sweptAtMs = nowMs;
    this.#hasWaited = isLate && !this.#hasWaited;
    return this.#hasWaited;
  }

  #judgeOther(connection: Connection, nowMs: number): void {
    const { helloTimeoutMs } = this.#deps.limits;
    if (connection.phase === 'waiting' && nowMs - connection.acceptedAtMs > helloTimeoutMs) {
      connection.end(endingWith(4404));
    } else if (connection.phase === 'resuming' && nowMs - connection.acceptedAtMs > RESUMING_MS) {
      connection.fail(new FlotillaError('store_unavailable', 'the store does not answer'));
    } else if (connection.phase === 'closing' && nowMs - connection.closingAtMs > CLOSING_MS) {
      connection.transport.terminate();
    }
  }

  #judgeOpen(connection: Connection, nowMs: number, wallMs: number, stalls: Map<Connection, Stall>): void {
    const { transport, claims } = connection;
    if (connection.isHeld) connection.heard();
    if (claims.sessionExpiresAt !== undefined && claims.sessionExpiresAt <= wallMs) {
      connection.end(endingWith(4502, {}, true));
    } else if (this.#isSilent(connection, nowMs) || this.#owesAnswer(connection, nowMs)) {
      connection.end(endingWith(4405));
    } else if (connection.isChoked || transport.backlogBytes() > 0) {
      this.#judgeBacklog(connection, nowMs, stalls);
    } else {
      transport.beat(nowMs, connection.heardAtMs);
    }
  }

  /** Engine.IO has a heartbeat of its own. With a backlog our pings wait behind it: then what is taken of it counts. */
  #isSilent({ transport, heardAtMs }: Connection, nowMs: number): boolean {
    if (nowMs - heardAtMs <= this.#deps.limits.heartbeatTimeoutMs) return false;
    return transport.kind !== 'socketio' && transport.backlogBytes() === 0;
  }

  /** Its requests wait for that. As long as it has yet to take what is before the question, it cannot answer. */
  #owesAnswer(connection: Connection, nowMs: number): boolean {
    if (connection.askedAtMs === 0) return false;
    if (connection.transport.backlogBytes() > 0) connection.askedAtMs = Math.trunc(nowMs);
    return nowMs - connection.askedAtMs > this.#deps.limits.heartbeatTimeoutMs;
  }

  #judgeBacklog(connection: Connection, nowMs: number, stalls: Map<Connection, Stall>): void {
    const { transport } = connection;
    const { limits, totals } = this.#deps;
    // A transport tells when it has drained, but not when it never was above its own high-water mark.
    if (transport.backlogBytes() === 0) {
      connection.drained();
      return;
    }
    const pulse = transport.pulse?.() ?? transport.backlogBytes();
    const known = this.#stalls.get(connection);
    const stall = known?.pulse === pulse ? known : { pulse, sinceMs: nowMs };
    stalls.set(connection, stall);
    const stalledMs = nowMs - stall.sinceMs;
    if (connection.isChoked && stalledMs >= limits.slowReaderMs) {
      totals.slowCloses += 1;
      connection.end(endingWith(4406));
    } else if (transport.kind !== 'socketio') {
      if (stalledMs === 0) connection.heard();
      else if (stalledMs > limits.heartbeatTimeoutMs && !connection.isChoked) connection.end(endingWith(4405));
    }
  }
}
