import type { Ledger } from '../checks/ledger.ts';
import type { MembershipRecord } from '../checks/membership-record.ts';
import { Violation } from '../checks/violation.ts';
import type { Client } from './client.ts';
import { CLUB } from './club.ts';
import type { PageEars } from './page.ts';
import type { Recollection } from './recollection.ts';

/** What judging clients needs. */
export interface JudgeDeps {
  readonly nowMs: () => number;
  readonly ledger: Ledger;
  readonly memberships: MembershipRecord;
  readonly recollection: Recollection;
  readonly isCalm: () => boolean;
  /** When something was last disturbed; Infinity while something is. */
  readonly quietSinceMs: () => number;
  readonly fail: (violation: Violation) => void;
  readonly trace: (who: string, what: string) => void;
}

const CLUB_LOG = `channel ${CLUB}`;
/** So long after its end a session may go on: shards look each half second. */
const SESSION_MS = 1_500;
/** So long after the last disturbance a client may be without service. */
const SERVICE_MS = 8_000;

/** Holds what clients are told, and how they are served, against what is promised. */
export class Judge {
  readonly #deps: JudgeDeps;

  constructor(deps: JudgeDeps) {
    this.#deps = deps;
  }

  /** @param client - null before it is there */
  earsOf(clientId: string, client: () => Client | null): PageEars {
    const { ledger, memberships, recollection, isCalm, fail, trace } = this.#deps;
    return {
      got: (log, number, position) => {
        trace(clientId, `got ${String(number)} of ${log} at ${position}`);
        this.run(() => ledger.got(clientId, log, number, position));
      },
      gap: (log, position) => {
        trace(clientId, `gap in ${log} up to ${position}`);
        this.run(() => ledger.gap(clientId, log, position));
      },
      joined: (log) => {
        trace(clientId, `joined ${log}`);
        if (log === CLUB_LOG) this.run(() => memberships.told(clientId, log, 'join'));
        else ledger.joined(clientId, log);
      },
      left: (log) => {
        trace(clientId, `left ${log}`);
        if (log === CLUB_LOG) this.run(() => memberships.told(clientId, log, 'leave'));
        else this.run(() => ledger.left(clientId, log, recollection.knows(clientId)));
      },
      serving: (connections) => {
        if (connections > 0 || !isCalm()) return;
        fail(new Violation('service gap', `${clientId} was served by nobody for a moment in calm times`));
      },
      state: (type, why) => {
        trace(clientId, `${type} ${why}`);
        if (type === 'closed' && why === 'session_expired') this.#checkSessionEnd(clientId, client());
        if (type === 'waiting' && isCalm()) {
          fail(new Violation('broken connection', `${clientId} lost its connection in calm times: ${why}`));
        }
      },
    };
  }

  /** What must hold of a client after a while without disturbance. */
  check({ clientId, connection, connectedSinceMs, endsAtMs, isGone, process }: Client): void {
    const { nowMs, quietSinceMs, fail } = this.#deps;
    if (isGone || process.state !== 'running' || connection === null) return;
    const quietMs = nowMs() - quietSinceMs();
    if (quietMs > SERVICE_MS && connectedSinceMs === null) {
      fail(new Violation('no service', `${clientId} is not served again`));
    }
    const isOver = Math.min(quietMs, nowMs() - endsAtMs) > SESSION_MS;
    if (isOver && connection.state.type !== 'closed') {
      fail(new Violation('session', `the session of ${clientId} goes on after its end`));
    }
  }

  /** Fails with the violation that is thrown, if one is. */
  run(judge: () => void): void {
    try {
      judge();
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      this.#deps.fail(error);
    }
  }

  #checkSessionEnd(clientId: string, client: Client | null): void {
    // Tokens tell it in whole milliseconds.
    if (client === null || this.#deps.nowMs() >= client.endsAtMs - 1) return;
    this.#deps.fail(new Violation('session', `the session of ${clientId} ended before its time`));
  }
}
