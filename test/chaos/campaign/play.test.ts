import { describe, expect, it } from '@jest/globals';
import type { JournalRecord } from '../journal/record.ts';
import type { Plan } from '../faults/fault.ts';
import type { Load } from '../load/load.ts';
import type { System } from '../system/system.ts';
import { FindingsBook } from './findings.ts';
import { play, type Playing } from './play.ts';
import type { Schedule, Step } from './schedule.ts';

interface Given {
  readonly isWhole?: boolean;
  readonly run?: Plan['run'];
}

function setup({ isWhole = true, run = () => Promise.resolve() }: Given = {}) {
  const records: JournalRecord[] = [];
  const findings = new FindingsBook();
  const stopping = new AbortController();
  const whole = (): Promise<void> => (isWhole ? Promise.resolve() : Promise.reject(new Error('shard 1 is away')));
  const playing: Playing = {
    system: { shards: { whole } } as unknown as System,
    load: { connected: () => Promise.resolve(2) } as unknown as Load,
    clients: 2,
    pacePerSecond: 100,
    findings,
    signal: stopping.signal,
    note: () => undefined,
    fault: () => undefined,
    nowMs: () => 0,
    record: (record) => records.push(record),
  };
  const step = (name: string): Step => {
    const plan = { detail: 'of it', lastsMs: 0, healsMs: 0, wholeWithinMs: 1_000, run };
    return { name, faults: [{ name, plan }], excuses: ['connections-close'], calmMs: 0, plannedMs: 0 };
  };
  const schedule: Schedule = { seed: 1, topology: 'single', steps: [step('one'), step('two')], plannedMs: 0 };
  return { records, findings, stopping, playing: () => play(playing, schedule) };
}

describe('the play of a schedule', () => {
  it('writes down each phase with its excuses, and when its faults begin and are over', async () => {
    const { records, playing } = setup();
    await playing();
    expect(records.slice(0, 3)).toEqual([
      ['phase', 0, 1, 'one', ['connections-close']],
      ['fault', 0, 1, 'one', 'begin', 'of it'],
      ['fault', 0, 1, 'one', 'end', 'of it'],
    ]);
    expect(records.slice(3).map(([type, , id, name]) => [type, id, name])).toEqual([
      ['phase', 2, 'two'],
      ['fault', 2, 'two'],
      ['fault', 2, 'two'],
    ]);
  });

  it('makes a violation of what did not become whole, and leaves out the rest', async () => {
    const { records, findings, playing } = setup({ isWhole: false });
    await playing();
    expect(findings.violations.map(({ phase, text }) => [phase, text])).toEqual([
      ['one', 'not whole again: shard 1 is away'],
    ]);
    expect(records.filter(([type]) => type === 'phase')).toHaveLength(1);
  });

  it('makes a violation of a fault that could not see what it had to see, and goes on', async () => {
    const { records, findings, playing } = setup({ run: () => Promise.reject(new Error('not within 1 s: a map')) });
    await playing();
    expect(findings.violations.map(({ text }) => text)).toEqual([
      'one: not within 1 s: a map',
      'two: not within 1 s: a map',
    ]);
    expect(records.filter(([type, , , , what]) => type === 'fault' && what === 'end')).toHaveLength(2);
  });

  it('takes a fault as over when the fault says so, and once', async () => {
    const { records, playing } = setup({
      run: ({ over }) => {
        over();
        records.push(['sample', 0, 'after', 0]);
        return Promise.resolve();
      },
    });
    await playing();
    expect(records.slice(0, 5).map(([type]) => type)).toEqual(['phase', 'fault', 'fault', 'sample', 'phase']);
  });

  it('is broken off by its signal', async () => {
    const { stopping, playing } = setup({
      run: () => {
        stopping.abort(new Error('broken off'));
        return Promise.reject(new Error('aborted'));
      },
    });
    await expect(playing()).rejects.toThrow('broken off');
  });
});
