import { describe, expect, it } from '@jest/globals';
import type { ClientKind } from '../../journal/record.ts';
import { figureOf, judged, kindsOf } from '../story/judged.ts';
import { Plot } from '../story/plot.ts';

function setup(kind: ClientKind = 'v1') {
  const plot = new Plot().phase(0, 'scale').client('ann', kind);
  return { plot, kinds: () => kindsOf(judged(plot.records)) };
}

describe('a connection that ends', () => {
  it('may, once another shard serves the client', () => {
    const { plot, kinds } = setup();
    plot.served('ann', 1_000, 1).closed('ann', 1_010, 1, 0).served('ann', 2_000, 0).closed('ann', 2_010, 2, 1);
    expect(kinds()).toEqual([]);
  });

  it('may, when the client has moved twice meanwhile', () => {
    const { plot, kinds } = setup();
    plot.served('ann', 1_000, 1).served('ann', 1_100, 0).closed('ann', 1_110, 2, 1).closed('ann', 1_200, 1, 0);
    expect(kinds()).toEqual([]);
  });

  it('may not before that', () => {
    const { plot, kinds } = setup();
    plot.closed('ann', 1_000).served('ann', 1_010, 1);
    expect(kinds()).toEqual(['closed-unmoved']);
  });

  it('may not when only the same shard serves it again', () => {
    const { plot, kinds } = setup();
    plot.served('ann', 1_000, 0).closed('ann', 1_010);
    expect(kinds()).toEqual(['closed-unmoved']);
  });

  it.each(['plain', 'socketIo'] as const)('may, of a %s client, if it comes to another shard', (kind) => {
    const { plot, kinds } = setup(kind);
    plot.closed('ann', 1_000).served('ann', 1_010, 1, kind);
    expect(kinds()).toEqual([]);
    plot.closed('ann', 2_000, 2, 1).served('ann', 2_010, 1, kind);
    expect(kinds()).toEqual(['closed-unmoved']);
  });

  it('may when the client leaves, or did not read', () => {
    const { plot, kinds } = setup();
    plot.present('ann', 1_000, 'leaves').closed('ann', 1_001).present('ann', 2_000, 'comes').served('ann', 2_100);
    plot
      .present('ann', 3_000, 'stalls')
      .present('ann', 33_000, 'resumes')
      .closed('ann', 33_100, 2)
      .served('ann', 33_200);
    expect(kinds()).toEqual([]);
    plot.closed('ann', 50_000, 3).served('ann', 50_100);
    expect(kinds()).toEqual(['closed-unmoved']);
  });

  it('may shortly after the client did not read, though another one serves it by then', () => {
    const { plot, kinds } = setup();
    plot.present('ann', 3_000, 'stalls').present('ann', 28_000, 'resumes').served('ann', 28_001, 0, 'v1', 22_000);
    plot.closed('ann', 28_050);
    expect(kinds()).toEqual([]);
    plot.closed('ann', 34_000, 2).served('ann', 34_010);
    expect(kinds()).toEqual(['closed-unmoved']);
  });

  it('may not long after the client did not read', () => {
    const { plot, kinds } = setup();
    plot.present('ann', 3_000, 'stalls').present('ann', 8_000, 'resumes').served('ann', 8_001);
    plot.closed('ann', 13_001);
    expect(kinds()).toEqual(['closed-unmoved']);
  });

  it('may where connections end whatever is done', () => {
    const { plot, kinds } = setup();
    plot.phase(500, 'storm', 'connections-close').closed('ann', 1_000).served('ann', 1_010);
    expect(kinds()).toEqual([]);
  });

  it('must have been one', () => {
    const { plot, kinds } = setup();
    plot.closed('ann', 1_000, 7);
    expect(kinds).toThrow('had no connection 7');
  });
});

describe('arrivals at a shard', () => {
  const ARRIVALS = 'arrivals at a shard a second, at most';

  /** So many, evenly over some seconds, each answered at once. */
  function setupStorm(count: number, seconds: number) {
    const { plot, kinds } = setup();
    plot.phase(10_000, 'storm', 'connections-close');
    for (let i = 0; i < count; i += 1) plot.served(`c${i}`, 11_000 + (i * seconds * 1_000) / count, 1);
    return { plot, kinds, peak: () => figureOf(judged(plot.records), ARRIVALS) };
  }

  it('are counted within any second that they began and ended in, shard by shard', () => {
    const { plot, peak } = setupStorm(5, 1);
    plot.served('slow', 13_000, 1, 'v1', 11_050).served('other', 11_000, 2);
    expect(peak()).toMatchObject({ phase: 'storm', value: 5 });
  });

  it('are held to 1.2 times the pace', () => {
    const within = setupStorm(2_400, 1);
    expect(within.peak()).toMatchObject({ value: 2_400, most: 2_400 });
    expect(within.kinds()).toEqual([]);
    expect(setupStorm(2_401, 1).kinds()).toEqual(['bound']);
  });

  it('are held over some seconds, where the machine is too slow to answer within one', () => {
    const { plot, kinds } = setup();
    for (let i = 0; i < 9_700; i += 1) plot.served(`c${i}`, 12_500 + i / 10, 1, 'v1', 11_000 + i / 10);
    expect(kinds()).toEqual(['bound']);
  });
});
