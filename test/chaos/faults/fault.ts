import type { Chance } from '../../simulation/platform/chance.ts';
import type { Excuse } from '../journal/record.ts';
import type { Load } from '../load/load.ts';
import type { Figure } from '../observer/verdict.ts';
import type { System } from '../system/system.ts';

/** A part of the whole that a fault takes hold of. Faults that share none may happen at the same time. */
export type Part = 'shards' | 'operator' | 'senders' | 'clients' | 'redis' | 'clocks';

/** What can go wrong. The README's table is held against these. */
export interface FaultKind {
  readonly name: string;
  /** What happens, as the README tells it. */
  readonly what: string;
  /** What must hold beyond what always must, as the README tells it; empty: nothing more. */
  readonly held: string;
  readonly excuses: readonly Excuse[];
  readonly parts: readonly Part[];
  /** Only in this topology of Redis; absent: in any. */
  readonly topology?: System['redis']['topology'];
  /** Decides everything that is left to chance, so that a seed names one schedule. */
  plan(deal: Deal): Plan;
}

/** Where a plan takes its chances from. */
export interface Deal {
  readonly chance: Chance;
  /** The next shard to suffer, in turn: one that crashes again and again waits ever longer until its slots come home. */
  nextVictim(): number;
}

/** A fault with nothing left to chance. */
export interface Plan {
  /** Victim, lengths, shares: what the timeline shows. */
  readonly detail: string;
  /** How long {@link run} takes, about; milliseconds. */
  readonly lastsMs: number;
  /** How long the system then takes to be whole again, about; milliseconds. */
  readonly healsMs: number;
  /** The longest that it may take; milliseconds. */
  readonly wholeWithinMs: number;
  /** Does the harm, holds what only it can see against its bound, and undoes what does not end by itself, whatever happens. */
  run(stage: Stage): Promise<void>;
}

/** What a fault acts on, and where it tells what it saw. */
export interface Stage {
  readonly system: System;
  readonly load: Load;
  /** Clients there are in all. */
  readonly clients: number;
  /** Arrivals that a shard takes a second. */
  readonly pacePerSecond: number;
  /** Whether nothing else happens at the same time; a bound that only holds for one fault alone is otherwise told, not held. */
  readonly isAlone: boolean;
  /** Aborted when the run is broken off. */
  readonly signal: AbortSignal;
  /** @throws the signal's reason when the run is broken off */
  readonly wait: (ms: number) => Promise<void>;
  /**
   * Asks until it is so, and resolves to how long that took, milliseconds.
   *
   * @throws NotInTime when it is not so within that time; the campaign makes a violation of it
   */
  readonly until: (what: string, withinMs: number, isSo: () => Promise<boolean> | boolean) => Promise<number>;
  /** Tells that the harm is over, where the fault goes on looking at what comes of it; otherwise it is when its run resolves. */
  readonly over: () => void;
  /** A figure at this moment, into the journal. */
  readonly sample: (name: string, value: number) => void;
  /** A line of the timeline. */
  readonly note: (text: string) => void;
  /** A figure of this phase, with the bound beside it. */
  readonly figure: (figure: Omit<Figure, 'phase'>) => void;
}

/** Something did not become so within the time it had. */
export class NotInTime extends Error {
  override readonly name = 'NotInTime';
}
