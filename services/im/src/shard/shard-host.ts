import type { ErrorCode } from '@flotilla-im/protocol';
import type { EventStore } from '@flotilla-im/store';
import type { ClientTable } from '../connections/client-table.ts';
import type { Connection } from '../connections/connection.ts';
import type { ConnectionHost } from '../connections/connection-host.ts';
import type { Resumption } from '../connections/resumption.ts';
import type { MarkedPlace } from '../connections/marks.ts';
import type { ClientRequest, Positions } from '../connections/session.ts';
import type { CatchUp } from '../delivery/catch-up.ts';
import type { DeliveryTotals } from '../delivery/delivery-totals.ts';
import type { LifeWatch } from '../delivery/life-watch.ts';
import type { FlushTick } from '../delivery/flush-tick.ts';
import type { Rate } from '../limits/token-bucket.ts';
import type { Memberships } from '../membership/memberships.ts';
import type { Mover } from '../moves/mover.ts';
import type { Acknowledgements } from '../presence-duty/acknowledgements.ts';
import { type CursorWriter, cursorsOf } from '../presence-duty/cursor-writer.ts';
import type { Farewell, Farewells } from '../presence-duty/farewells.ts';
import type { Requests } from '../v1/requests.ts';
import type { Observer } from './observer.ts';
import type { Persistence } from './persistence.ts';

/** The parts that connections' calls lead to. */
export interface ShardParts {
  readonly shard: number;
  readonly lives: LifeWatch;
  readonly clients: ClientTable;
  readonly resumption: Resumption;
  readonly acknowledgements: Acknowledgements;
  readonly cursorWriter: CursorWriter;
  readonly farewells: Farewells;
  readonly memberships: Memberships;
  readonly requests: Requests;
  readonly catchUp: CatchUp;
  readonly mover: Mover;
  readonly events: Pick<EventStore, 'append'>;
  readonly persistence: Persistence;
  readonly observer: Observer;
  readonly graceMs: number;
  readonly onFault: (error: unknown) => void;
  /** Milliseconds since 1970. */
  readonly wallMs: () => number;
}

/** What a host has from the beginning. */
export interface HostBase {
  readonly tick: FlushTick;
  readonly totals: DeliveryTotals;
  readonly queueBytes: number;
  readonly frameRate: Rate;
  readonly nowMs: () => number;
}

/** Leads what connections ask for to the parts that do it. */
export class ShardHost implements ConnectionHost {
  readonly tick: FlushTick;
  readonly totals: DeliveryTotals;
  readonly queueBytes: number;
  readonly frameRate: Rate;
  /** Whether ends of connections are told to the store; a pod that plays dead tells nobody. */
  isMute = false;
  readonly #nowMs: () => number;
  /** Set right after the parts, which need the host themselves, were made. */
  #parts: ShardParts | null = null;

  constructor(base: HostBase) {
    this.tick = base.tick;
    this.totals = base.totals;
    this.queueBytes = base.queueBytes;
    this.frameRate = base.frameRate;
    this.#nowMs = base.nowMs;
  }

  connect(parts: ShardParts): void {
    this.#parts = parts;
  }

  nowMs(): number {
    return this.#nowMs();
  }

  resume(connection: Connection, positions: Positions): void {
    void this.#of().resumption.resume(connection, positions);
  }

  acknowledge(connection: Connection, positions: Positions): void {
    this.#of().acknowledgements.acknowledge(connection, positions);
  }

  confirmed(connection: Connection, places: readonly MarkedPlace[]): void {
    this.#of().acknowledgements.confirmed(connection, places);
  }

  request(connection: Connection, frame: ClientRequest): void {
    this.#of().requests.request(connection, frame);
  }

  upstreamText(connection: Connection, text: string): void {
    this.#of().requests.upstreamText(connection, text);
  }

  answered(connection: Connection): void {
    this.#of().requests.answered(connection);
  }

  unchoked(connection: Connection): void {
    this.catchUp(connection);
  }

  catchUp(connection: Connection): void {
    const { catchUp } = this.#of();
    for (const follower of connection.followers) if (!follower.isLive) catchUp.advance(follower);
  }

  lost(connection: Connection, place: MarkedPlace, reason?: 'slow'): void {
    const { acknowledgements, events, persistence, wallMs } = this.#of();
    const { kind, id } = place.follower.view.key;
    const channel = kind === 'channel' ? id : null;
    const why = reason === undefined ? {} : { reason };
    const event = { type: 'gap', clientId: connection.clientId, channel, ...why, at: wallMs() } as const;
    persistence.eventually('gap event', async () => {
      await events.append('presence', event);
      if (reason === undefined) acknowledgements.told(connection, place);
    });
  }

  /** The store knows the connection. It may be gone again already. */
  registered(connection: Connection): void {
    if (connection.phase === 'closed') this.#bidFarewell(connection, 1006);
  }

  welcomed(connection: Connection): void {
    const { mover, observer } = this.#of();
    const nowMs = this.#nowMs();
    connection.welcomed();
    observer.welcomed(nowMs - connection.arrivedAtMs);
    mover.queue(connection, nowMs);
  }

  refused(_connection: Connection, code: ErrorCode): void {
    this.#of().observer.refused(code);
  }

  fault(error: Error): void {
    this.#of().onFault(error);
  }

  ended(connection: Connection, code: number): void {
    const { clients, cursorWriter, memberships, observer, requests } = this.#of();
    observer.closed(code);
    cursorWriter.forget(connection);
    requests.ended(connection);
    // Where the store's answer is not known, a farewell too many does no harm.
    if (connection.registration !== 'no') this.#bidFarewell(connection, code);
    for (const follower of [...connection.followers]) memberships.leave(connection, follower);
    clients.remove(connection);
  }

  #bidFarewell(connection: Connection, code: number): void {
    if (this.isMute) return;
    const { farewells, graceMs } = this.#of();
    farewells.say({
      clientId: connection.clientId,
      connection: connection.connection,
      graceMs: isGoodbye(connection, code) ? 0 : graceMs,
      reason: reasonOf(connection, code),
      cursors: cursorsOf(connection, true),
      token: connection.claims.jti,
      isDoubtful: connection.mayComeLate || connection.registration !== 'yes',
      known: this.#knownOf(connection),
    });
  }

  /** Where nobody knows whether the store has heard of it, that could have been in the life that it had last. */
  #knownOf({ record, device }: Connection): Farewell['known'] {
    const { shard, lives, graceMs } = this.#of();
    const life = record?.life ?? (record === null ? null : lives.of(record.inbox.partition));
    return life === null ? null : { life, shard, device, graceMs };
  }

  #of(): ShardParts {
    if (this.#parts === null) throw new Error('the host was used before it was connected');
    return this.#parts;
  }
}

/** Whether nobody waits for the client: it said goodbye (and was not told to move), or business ended it. */
function isGoodbye({ ending, movedAtMs }: Connection, code: number): boolean {
  if (ending !== null) return ending.isFinal;
  return movedAtMs === 0 && (code === 1000 || code === 1005);
}

function reasonOf({ ending, movedAtMs }: Connection, code: number): string {
  if (ending !== null) return ending.reason.reason;
  if (movedAtMs > 0) return 'moved';
  return code === 1000 || code === 1005 ? 'closed by the client' : 'connection lost';
}
