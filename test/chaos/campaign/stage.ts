import { setTimeout as sleep } from 'node:timers/promises';
import { NotInTime, type Stage } from '../faults/fault.ts';
import type { JournalRecord } from '../journal/record.ts';
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
  readonly pacePerSecond: number;
  readonly findings: FindingsBook;
  readonly signal: AbortSignal;
  readonly nowMs: () => number;
  readonly record: (record: JournalRecord) => void;
  /** A line of the timeline. */
  readonly note: (text: string) => void;
}

/** What the faults of one phase act on. @param over - hears that a fault is over */
export function createStage(scene: Scene, phase: string, isAlone: boolean, over = (): void => undefined): Stage {
  const { system, load, clients, pacePerSecond, signal, findings, note, nowMs, record } = scene;
  return {
    system,
    load,
    clients,
    pacePerSecond,
    isAlone,
    over,
    signal,
    note,
    sample: (name, value) => record(['sample', nowMs(), name, value]),
    wait: (ms) => sleep(ms, undefined, { signal }),
    until: (what, withinMs, isSo) => until(what, withinMs, isSo, signal),
    figure: (figure) => findings.figure({ phase, ...figure }),
  };
}

/** A question that cannot be answered now has not become so: an answer may fail while parts are away, or not come at all. */
async function until(
  what: string,
  withinMs: number,
  isSo: () => Promise<boolean> | boolean,
  signal: AbortSignal,
): Promise<number> {
  const startedMs = performance.now();
  const answered = new AbortController();
  const late = sleep(withinMs, 'late' as const, { signal: AbortSignal.any([signal, answered.signal]) });
  late.catch(() => undefined);
  let cause: unknown = null;
  const ask = async (): Promise<boolean> => isSo();
  const asked = (): Promise<boolean> =>
    ask().catch((error: unknown) => {
      cause = error;
      return false;
    });
  try {
    for (;;) {
      const answer = await Promise.race([asked(), late]);
      if (answer === 'late') throw new NotInTime(`not within ${withinMs / 1_000} s: ${what}`, { cause });
      if (answer) return performance.now() - startedMs;
      await Promise.race([sleep(LOOK_MS, undefined, { signal }), late]);
    }
  } finally {
    answered.abort();
  }
}
