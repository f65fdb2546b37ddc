import { slotOf } from '@flotilla-im/protocol';
import type { ClientKind } from './ledger/ledger.ts';
import type { Closes, PeakArrivals } from './ledger/report.ts';

/** A connection that a shard serves. */
export interface ServedConnection {
  readonly clientId: string;
  readonly kind: ClientKind;
  readonly shard: number;
  /** When the shard took it, in monotonic milliseconds: as soon as its handshake was answered. */
  readonly openedMs: number;
}

const SECOND_MS = 1_000;

/** When shards took the connections that they serve, and which ended, in one window. Times are monotonic milliseconds. */
export class Journal {
  readonly #arrivals = new Map<number, number[]>();
  readonly #closes = new Map<string, Closes>();

  /** A shard began to serve a connection. */
  served({ shard, openedMs }: ServedConnection): void {
    const arrivals = this.#arrivals.get(shard) ?? [];
    arrivals.push(openedMs);
    this.#arrivals.set(shard, arrivals);
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
    return [...this.#arrivals].map(([shard, times]) => ({
      shard,
      perSecond: mostWithinASecond(times.toSorted((a, b) => a - b)),
    }));
  }
}

/** @param times ascending */
function mostWithinASecond(times: readonly number[]): number {
  let most = 0;
  let first = 0;
  for (const [last, time] of times.entries()) {
    while (time - (times[first] ?? time) >= SECOND_MS) first += 1;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
