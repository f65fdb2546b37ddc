import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { formatVerdict, startTeller } from './teller.ts';

describe('the tale of a run', () => {
  it('has a line for the beginning and the end of a fault, with the time', () => {
    const lines = new PassThrough({ encoding: 'utf8' });
    const teller = startTeller(lines);
    teller.fault('kill-shard', 'begin', 'shard 1');
    teller.fault('kill-shard', 'end', 'shard 1');
    const text = String(lines.read());
    expect(text.replaceAll(/^ *\d+\.\d/gmu, '0.0')).toBe('0.0  ▶ kill-shard shard 1\n0.0  ■ kill-shard\n');
  });

  it('ends with figures beside their bounds, those beyond marked, and what was violated', () => {
    const text = formatVerdict({
      passed: false,
      durationS: 1,
      clients: { v1: 1, plain: 0, socketIo: 0 },
      accepted: 1_000,
      delivered: 2_000,
      figures: [
        { phase: 'scale', name: 'lost', value: 2, most: 0, unit: '' },
        { phase: 'scale', name: 'gap', value: 55.5, most: 100, unit: 'ms' },
      ],
      violations: [{ phase: 'scale', kind: 'lost', text: 'inbox:a, 7' }],
      violationCount: 2,
      faults: [],
      phases: [],
      series: [],
    });
    expect(text.replaceAll(/ +/gu, ' ').split('\n')).toEqual([
      'scale',
      ' ✗ lost 2 ≤ 0',
      ' gap 56 ms ≤ 100',
      '',
      '✗ lost (scale): inbox:a, 7',
      '… and 1 more',
      '✗ 2 violations; 1,000 messages accepted, 2,000 deliveries',
    ]);
  });
});
