import { describe, expect, it } from '@jest/globals';
import { NotInTime, type Stage } from '../faults/fault.ts';
import type { Load } from '../load/load.ts';
import type { System } from '../system/system.ts';
import { FindingsBook } from './findings.ts';
import { createStage } from './stage.ts';

function setup(): { readonly stage: Stage; readonly findings: FindingsBook; readonly stopping: AbortController } {
  const [findings, stopping] = [new FindingsBook(), new AbortController()];
  const scene = {
    system: {} as System,
    load: {} as Load,
    clients: 1,
    pacePerSecond: 100,
    findings,
    signal: stopping.signal,
    note: () => undefined,
    nowMs: () => 0,
    record: () => undefined,
  };
  return { stage: createStage(scene, 'a phase', true), findings, stopping };
}

describe('the stage of a fault', () => {
  it('asks again what cannot be answered yet', async () => {
    let asked = 0;
    const isSo = (): Promise<boolean> => {
      asked += 1;
      return asked < 3 ? Promise.reject(new Error('Redis is away')) : Promise.resolve(true);
    };
    await setup().stage.until('an answer', 5_000, isSo);
    expect(asked).toBe(3);
  });

  it('says what has not become so in time, even when the question gets no answer at all', async () => {
    const never = (): Promise<boolean> => new Promise(() => undefined);
    const waiting = setup().stage.until('a map', 20, never);
    await expect(waiting).rejects.toThrow(NotInTime);
    await expect(waiting).rejects.toThrow('not within 0.02 s: a map');
  });

  it('waits for nothing any more when the run is broken off', async () => {
    const { stage, stopping } = setup();
    const waiting = [stage.wait(60_000), stage.until('a map', 60_000, () => false)];
    stopping.abort();
    for (const { status } of await Promise.allSettled(waiting)) expect(status).toBe('rejected');
  });

  it('writes a figure to its phase', () => {
    const { stage, findings } = setup();
    stage.figure({ name: 'slots lent', value: 1, most: 0, unit: '' });
    expect(findings.figures[0]?.phase).toBe('a phase');
    expect(findings.violations.map(({ text }) => text)).toEqual(['slots lent: 1, at most 0']);
  });
});
