import type { ClientKind } from '../journal/record.ts';
import type { Client } from './history/client.ts';
import type { History } from './history/history.ts';
import type { Phases } from './history/phases.ts';
import type { ClientGaps } from './judges/client-gaps.ts';

/** Lengths in milliseconds, phase by phase. */
interface OfPhase {
  /** Of each client, the longest time in which something was due to it and nothing came. */
  readonly silences: number[];
  /** Of each client that got a new connection in this phase, its longest wait for a message in its moves. */
  readonly moves: number[];
  /** Of the same clients, their longest wait in the whole phase. */
  readonly waits: number[];
  /** The move in which a client waited longest. */
  worst: { readonly clientId: string; readonly servedMs: number; readonly ms: number } | null;
}

/** How long clients waited for what was due to them, by kind and phase. */
export class DeliveryGaps {
  readonly #phases: Phases;
  readonly #epochsMs: readonly number[];
  readonly #found: Readonly<Record<ClientKind, Map<number, OfPhase>>> = {
    v1: new Map(),
    plain: new Map(),
    socketIo: new Map(),
  };

  constructor({ phases, epochsMs }: Pick<History, 'phases' | 'epochsMs'>) {
    this.#phases = phases;
    this.#epochsMs = epochsMs;
  }

  /** All of one client. */
  add({ id: clientId, kind }: Client, gaps: ClientGaps): void {
    const moves = new Map<number, number>();
    for (const move of gaps.moves(this.#epochsMs)) {
      const phase = this.#phases.indexAt(move.servedMs);
      const ms = gaps.longestWaitIn(move, this.#phases);
      moves.set(phase, Math.max(moves.get(phase) ?? 0, ms));
      const own = this.of(kind, phase);
      if (ms > (own.worst?.ms ?? 0)) own.worst = { clientId, servedMs: move.servedMs, ms };
    }
    const waits = gaps.longestWaits(this.#phases);
    for (const [phase, ms] of gaps.longestSilences(this.#phases)) this.of(kind, phase).silences.push(ms);
    for (const [phase, ms] of moves) {
      this.of(kind, phase).moves.push(ms);
      this.of(kind, phase).waits.push(waits.get(phase) ?? 0);
    }
  }

  /** What was found of a kind of clients in a phase. */
  of(kind: ClientKind, phase: number): OfPhase {
    const known = this.#found[kind].get(phase);
    if (known) return known;
    const created: OfPhase = { silences: [], moves: [], waits: [], worst: null };
    this.#found[kind].set(phase, created);
    return created;
  }
}
