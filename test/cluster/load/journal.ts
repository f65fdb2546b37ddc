import { slotOf } from '@flotilla-im/protocol';
import type { ClientKind } from './ledger/ledger.ts';
import type { Closes, PeakArrivals } from './ledger/report.ts';

/** A connection that a shard serves. */
export interface ServedConnection {
  readonly clientId: string;
  readonly kind: ClientKind;
  readonly shard: number;
  /** When it was dialled and when its handshake had been answered, in monotonic milliseconds: the shard took it in between. */
  readonly dialledMs: number;
  readonly openedMs: number;
}

const SECOND_MS = 1_000;

/** When shards took the connections that they serve, and which ended, in one window. Times are monotonic milliseconds. */
export class Journal {
  readonly #arrivals = new Map<number, ServedConnection[]>();
  readonly #closes = new Map<string, Closes>();

  /** A shard began to serve a connection. */
  served(connection: ServedConnection): void {
    const arrivals = this.#arrivals.get(connection.shard) ?? [];
    arrivals.push(connection);
    this.#arrivals.set(connection.shard, arrivals);
  }

  /** A connection that was served has ended, whoever ended it. */
  closed({ clientId, kind, shard }: ServedConnection, code: number): void {
    const slot = slotOf(clientId);
    const key = `${kind} ${slot} ${shard} ${code}`;
    const count = (this.#closes.get(key)?.count ?? 0) + 1;
    this.#closes.set(key, { kind, slot, shard, code, count });
  }

  /** Begins a new window. */
  mark(): void {
    this.#arrivals.clear();
    this.#closes.clear();
  }

  closes(): Closes[] {
    return [...this.#closes.values()];
  }

  peaks(): PeakArrivals[] {
    return [...this.#arrivals].map(([shard, arrivals]) => ({ shard, perSecond: mostWithinASecond(arrivals) }));
  }
}

/** Most that began and ended within one second: what a slow machine answers late did not come at once for that. */
function mostWithinASecond(arrivals: readonly ServedConnection[]): number {
  const sorted = arrivals.toSorted((a, b) => a.dialledMs - b.dialledMs);
  let most = 0;
  for (const [first, { dialledMs }] of sorted.entries()) {
    let count = 0;
    for (let i = first; i < sorted.length; i += 1) {
      const arrival = sorted[i];
      if (arrival === undefined || arrival.dialledMs - dialledMs >= SECOND_MS) break;
      if (arrival.openedMs - dialledMs < SECOND_MS) count += 1;
    }
    most = Math.max(most, count);
  }
  return most;
}
