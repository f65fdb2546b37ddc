import { setTimeout as sleep } from 'node:timers/promises';
import { NotInTime, type Stage } from '../faults/fault.ts';
import type { Load } from '../load/load.ts';
import type { System } from '../system/system.ts';
import type { FindingsBook } from './findings.ts';

/** How often a condition is looked at. */
const LOOK_MS = 50;

/** What a run is made of, as its steps see it. */
export interface Scene {
  readonly system: System;
  readonly load: Load;
  readonly clients: number;
  readonly findings: FindingsBook;
  readonly signal: AbortSignal;
  /** A line of the timeline. */
  readonly note: (text: string) => void;
}

/** What the faults of one phase act on. */
export function createStage(scene: Scene, phase: string, isAlone: boolean): Stage {
  const { system, load, clients, signal, findings, note } = scene;
  return {
    system,
    load,
    clients,
    isAlone,
    signal,
    note,
    wait: (ms) => sleep(ms, undefined, { signal }),
    until: (what, withinMs, isSo) => until(what, withinMs, isSo, signal),
    figure: (figure) => findings.figure({ phase, ...figure }),
  };
}

/** A question that cannot be answered now has not become so: an answer may fail while parts are away. */
async function until(
  what: string,
  withinMs: number,
  isSo: () => Promise<boolean> | boolean,
  signal: AbortSignal,
): Promise<number> {
  const startedMs = performance.now();
  let fault: unknown = null;
  const ask = async (): Promise<boolean> => isSo();
  for (;;) {
    const left = withinMs - (performance.now() - startedMs);
    if (left <= 0) throw new NotInTime(`not within ${withinMs / 1_000} s: ${what}`, { cause: fault });
    const answer = ask().catch((error: unknown) => {
      fault = error;
      return false;
    });
    if (await Promise.race([answer, sleep(left, false, { signal })])) return performance.now() - startedMs;
    await sleep(LOOK_MS, undefined, { signal });
  }
}
