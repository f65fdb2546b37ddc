import type { PlannedFault, Schedule, Step } from './schedule.ts';
import { createStage, type Scene } from './stage.ts';

/** What a run is made of, and who hears how it goes. */
export interface Playing extends Scene {
  /** A fault begins or is over, for the timeline. */
  readonly fault: (name: string, what: 'begin' | 'end', detail: string) => void;
}

/** How long everybody may take to be connected again once the shards are whole. */
const CONNECTED_MS = 15_000;

/**
 * Plays one step after the other; each is a phase, and ends when the system is whole again and was left alone for a while.
 * When it does not become whole, the rest is left out: it would only tell the same again.
 *
 * @throws the signal's reason when the run is broken off
 */
export async function play(playing: Playing, schedule: Schedule): Promise<void> {
  let faults = 0;
  for (const [i, step] of schedule.steps.entries()) {
    playing.record(['phase', playing.nowMs(), i + 1, step.name, step.excuses]);
    const isWhole = await playStep(playing, step, () => ++faults);
    if (!isWhole) {
      playing.note(`left out: ${schedule.steps.length - i - 1} more steps`);
      return;
    }
  }
}

async function playStep(playing: Playing, step: Step, nextId: () => number): Promise<boolean> {
  const stage = createStage(playing, step.name, step.faults.length === 1);
  await Promise.all(step.faults.map((fault) => playFault(playing, step, fault, nextId())));
  const isWhole = step.faults.length === 0 || (await becomesWhole(playing, step));
  await stage.wait(step.calmMs);
  return isWhole;
}

async function playFault(playing: Playing, step: Step, { name, plan }: PlannedFault, id: number): Promise<void> {
  const tell = (what: 'begin' | 'end'): void => {
    playing.record(['fault', playing.nowMs(), id, name, what, plan.detail]);
    playing.fault(name, what, plan.detail);
  };
  let isOver = false;
  const over = (): void => {
    if (!isOver) tell('end');
    isOver = true;
  };
  tell('begin');
  try {
    await plan.run(createStage(playing, step.name, step.faults.length === 1, over));
  } catch (error) {
    playing.signal.throwIfAborted();
    accuse(playing, step.name, `${name}: ${wordOf(error)}`);
  }
  over();
}

async function becomesWhole(playing: Playing, step: Step): Promise<boolean> {
  const { system, load, clients, findings, note } = playing;
  const withinMs = Math.max(...step.faults.map(({ plan }) => plan.wholeWithinMs));
  const startedMs = playing.nowMs();
  try {
    await system.shards.whole(withinMs);
    const stage = createStage(playing, step.name, true);
    await stage.until(
      `all ${clients} clients connected`,
      CONNECTED_MS,
      async () => (await load.connected()) >= clients,
    );
  } catch (error) {
    playing.signal.throwIfAborted();
    accuse(playing, step.name, `not whole again: ${wordOf(error)}`);
    return false;
  }
  const value = playing.nowMs() - startedMs;
  findings.figure({ phase: step.name, name: 'whole again after', value, most: withinMs + CONNECTED_MS, unit: 'ms' });
  note(`whole again after ${(value / 1_000).toFixed(1)} s`);
  return true;
}

function accuse({ findings, note }: Playing, phase: string, text: string): void {
  findings.violation(phase, text);
  note(text);
}

function wordOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
