import { describe, expect, it } from '@jest/globals';
import { formatTable, hasPassed, summaryOf, type Figure, type Outcome } from './figure.ts';

const outcome = (...figures: Figure[]): Outcome => ({ scenario: 'scale', seconds: 7, figures });

describe('the table', () => {
  it('shows each figure beside its bound', () => {
    const text = formatTable([
      outcome({ what: 'lost', value: 0, bound: { atMost: 0 } }, { what: 'rate', value: 1234, bound: null }),
    ]);
    expect(text.split('\n').map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
      '✓ scale (7 s)',
      ' lost 0 ≤ 0',
      ' rate 1,234',
    ]);
  });

  it.each([
    [{ what: 'lost', value: 1, bound: { atMost: 0 } }],
    [{ what: 'rate', value: 499, bound: { atLeast: 500 } }],
    [{ what: 'gap', value: NaN, bound: { atMost: 100 } }],
  ])('is not passed with a missed bound: %p', (figure) => {
    expect(hasPassed(outcome(figure))).toBe(false);
    expect(formatTable([outcome(figure)])).toContain('✗');
  });

  it('is not passed with a scenario that broke off', () => {
    expect(hasPassed({ ...outcome(), failure: 'no pod came' })).toBe(false);
  });

  it('tells more of a missed bound only', () => {
    const figure = { what: 'lost', bound: { atMost: 0 }, detail: 'ann lacks 1' };
    expect(formatTable([outcome({ ...figure, value: 1 })])).toContain('ann lacks 1');
    expect(formatTable([outcome({ ...figure, value: 0 })])).not.toContain('ann lacks 1');
  });

  it('says what a bound may have been missed by, and counts it as missed', () => {
    const gap = { what: 'gap', bound: { atMost: 100 }, unmeasured: 'the host took 30 %' };
    const missed = outcome({ ...gap, value: 101 });
    expect(hasPassed(missed)).toBe(false);
    expect(formatTable([missed])).toMatch(/\? gap[^]*the host took 30 %/u);
    expect(summaryOf([missed])).toContain('1 of them while the host');
    expect(formatTable([outcome({ ...gap, value: 99 })])).not.toContain('?');
    expect(hasPassed(outcome({ ...gap, value: 101 }, { what: 'lost', value: 1, bound: { atMost: 0 } }))).toBe(false);
  });

  it('ends with what was missed, and nothing else', () => {
    const kept = { what: 'doubled', value: 0, bound: { atMost: 0 } };
    const text = summaryOf([outcome({ what: 'lost', value: 1, bound: { atMost: 0 } }, kept), outcome(kept)]);
    expect(text.split('\n').map((line) => line.replaceAll(/ +/g, ' '))).toEqual([
      'Bounds were missed in: scale.',
      '✗ scale (7 s)',
      ' ✗ lost 1 ≤ 0',
    ]);
    expect(summaryOf([outcome(kept)])).toBe('Every bound was kept.');
  });

  it('says what was left out, and why', () => {
    expect(formatTable([{ ...outcome(), skipped: 'there is one node' }])).toContain('left out, there is one node');
  });
});
