import type { ClientKind } from '../journal/record.ts';
import type { Client } from './history/client.ts';
import type { Phases } from './history/phases.ts';
import type { ClientGaps } from './judges/client-gaps.ts';

/** Lengths in milliseconds, phase by phase. */
interface OfPhase {
  /** The longest gap of each client. */
  readonly all: number[];
  /** The same, of the clients that got a new connection in this phase. */
  readonly moved: number[];
  /** For each new connection, the longest gap around it. */
  readonly atMoves: number[];
}

/** The longest times in which something was due to clients and nothing came, for all clients, by kind and phase. */
export class DeliveryGaps {
  readonly #phases: Phases;
  readonly #found: Readonly<Record<ClientKind, Map<number, OfPhase>>> = {
    v1: new Map(),
    plain: new Map(),
    socketIo: new Map(),
  };

  constructor(phases: Phases) {
    this.#phases = phases;
  }

  /** All of one client. */
  add({ kind }: Client, gaps: ClientGaps): void {
    const longest = gaps.longestByPhase(this.#phases);
    const moved = new Set<number>();
    for (const moveMs of gaps.movesMs()) {
      const phase = this.#phases.indexAt(moveMs);
      moved.add(phase);
      this.of(kind, phase).atMoves.push(gaps.longestAround(moveMs, this.#phases));
    }
    for (const [phase, ms] of longest) this.of(kind, phase).all.push(ms);
    for (const phase of moved) this.of(kind, phase).moved.push(longest.get(phase) ?? 0);
  }

  /** What was found of a kind of clients in a phase. */
  of(kind: ClientKind, phase: number): OfPhase {
    const known = this.#found[kind].get(phase);
    if (known) return known;
    const created: OfPhase = { all: [], moved: [], atMoves: [] };
    this.#found[kind].set(phase, created);
    return created;
  }
}
