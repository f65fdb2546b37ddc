import { describe, expect, it } from '@jest/globals';
import type { Excuse } from '../../journal/record.ts';
import { figureOf, judged, kindsOf } from '../story/judged.ts';
import { Plot } from '../story/plot.ts';

/** One client from 0 ms on, which both of two watchers have heard of. */
function setup(...excuses: Excuse[]) {
  const plot = new Plot().phase(0, 'calm', ...excuses).client('ann');
  const heard = (type: 'online' | 'offline', tMs: number): void => {
    plot.heard('ann', type, tMs).heard('ann', type, tMs + 1, 'watcher-1');
  };
  heard('online', 5);
  return {
    plot,
    heard,
    /** It leaves, and is back after so long. */
    away: (fromMs: number, toMs: number) => {
      plot
        .present('ann', fromMs, 'leaves')
        .closed('ann', fromMs + 1)
        .present('ann', toMs, 'comes')
        .served('ann', toMs + 10, 0, 'v1', toMs + 1);
    },
    /** Its connection ends without a word. */
    cut: (fromMs: number, toMs: number) => plot.closed('ann', fromMs).served('ann', toMs + 10, 0, 'v1', toMs + 1),
    leaves: (tMs: number) => plot.present('ann', tMs, 'leaves').closed('ann', tMs + 1),
    verdict: () => judged(plot.records),
    kinds: () => kindsOf(judged(plot.records)),
  };
}

describe('presence', () => {
  it('is right when each absence past its grace is told to each watcher, and each return', () => {
    const { heard, away, kinds, plot } = setup();
    away(20_000, 60_000);
    heard('offline', 30_100);
    heard('online', 60_005);
    plot.present('ann', 90_000, 'leaves').closed('ann', 90_001, 2);
    heard('offline', 100_100);
    expect(kinds()).toEqual([]);
  });

  it('must be told to every watcher', () => {
    const { plot, heard, away, verdict } = setup();
    away(20_000, 60_000);
    plot.heard('ann', 'offline', 30_100);
    heard('online', 60_005);
    expect(kindsOf(verdict())).toEqual(['missing-presence']);
    expect(verdict().violations[0]?.text).toContain('watcher-1');
  });

  it('may be told of a connection that its client does not know of', () => {
    const plot = new Plot().phase(0, 'calm').present('bob', 100, 'comes').heard('bob', 'online', 200);
    plot.served('bob', 3_000, 0, 'plain', 2_500);
    expect(kindsOf(judged(plot.records))).toEqual([]);
  });

  it('must be told when a client comes', () => {
    const { plot, kinds } = setup();
    plot.client('bob', 'plain', 1_000).heard('bob', 'online', 1_010);
    expect(kinds()).toEqual(['missing-presence']);
  });

  it.each([
    ['within its grace', 25_000, 26_000],
    ['never gone', null, 26_000],
    ['gone, but not for its grace', 60_000, 27_000],
  ])('does not tell of a client that it is offline when it is %s', (_, backMs, toldMs) => {
    const { heard, cut, kinds } = setup('connections-close');
    if (backMs !== null) cut(20_000, backMs);
    heard('offline', toldMs);
    expect(kinds().slice(0, 2)).toEqual(['ghost', 'ghost']);
  });

  it('tells at once of a client that says goodbye', () => {
    const { heard, away, kinds } = setup();
    away(20_000, 23_000);
    heard('offline', 20_005);
    heard('online', 23_005);
    expect(kinds()).toEqual([]);
  });

  it('tells once of an absence, and of a return', () => {
    const { heard, away, kinds } = setup();
    away(20_000, 60_000);
    heard('offline', 30_100);
    heard('offline', 31_100);
    heard('online', 60_005);
    heard('online', 60_006);
    expect(new Set(kinds())).toEqual(new Set(['double-presence']));
    expect(kinds()).toHaveLength(4);
  });

  it('may leave out an absence that is shorter than lease, grace and slack', () => {
    const { heard, away, kinds } = setup();
    away(20_000, 32_000);
    expect(kinds()).toEqual([]);
    heard('offline', 30_100);
    heard('online', 32_005);
    expect(kinds()).toEqual([]);
  });

  it('may not forget that it said so', () => {
    const { heard, away, kinds } = setup();
    away(20_000, 32_000);
    heard('online', 32_005);
    expect(kinds()).toEqual(['missing-presence', 'missing-presence']);
  });

  it('may not forget a return', () => {
    const { plot, heard, away, kinds } = setup();
    away(20_000, 60_000);
    heard('offline', 30_100);
    plot.present('ann', 90_000, 'leaves').closed('ann', 90_001, 2);
    heard('offline', 100_100);
    expect(kinds()).toEqual(['missing-presence', 'missing-presence']);
  });

  it('leaves nobody online who has left', () => {
    const { leaves, verdict, kinds } = setup();
    leaves(20_000);
    expect(kinds()).toEqual(['missing-presence', 'ghost', 'missing-presence', 'ghost']);
    expect(figureOf(verdict(), 'presence told untrue')).toMatchObject({ value: 2, most: 0 });
  });

  it('is told within lease, grace and slack', () => {
    const { leaves, heard, kinds } = setup();
    leaves(20_000);
    heard('offline', 37_000);
    expect(kinds()).toEqual([]);
    const other = setup();
    other.leaves(20_000);
    other.heard('offline', 37_100);
    expect(other.kinds()).toEqual(['late', 'late']);
  });

  it('is told of the absence that must be told, where an earlier one may be as well', () => {
    const { plot, heard, away, kinds } = setup();
    plot.phase(15_000, 'storm', 'gap-of-delivery').phase(60_000, 'calm again');
    away(20_000, 32_000);
    plot.present('ann', 61_000, 'leaves').closed('ann', 61_001, 2);
    heard('offline', 61_005);
    expect(kinds()).toEqual([]);
  });

  it('is told late of the first of two absences that must be told', () => {
    const { plot, heard, away, kinds } = setup();
    plot.phase(15_000, 'storm', 'gap-of-delivery').phase(100_000, 'calm again');
    away(20_000, 60_000);
    heard('offline', 70_000);
    heard('online', 70_001);
    plot.present('ann', 61_000, 'leaves').closed('ann', 61_001, 2);
    heard('offline', 70_002);
    expect(kinds()).toEqual([]);
  });

  it('may be told later while Redis is ill, and from then on', () => {
    const { plot, leaves, heard, kinds } = setup();
    leaves(20_000);
    plot.phase(25_000, 'redis-away', 'gap-of-delivery').phase(60_000, 'calm again');
    heard('offline', 61_000);
    expect(kinds()).toEqual([]);
  });

  it('does not tell that somebody is online who is away, or nobody ever served', () => {
    const { heard, away, plot, kinds } = setup();
    away(20_000, 60_000);
    heard('offline', 30_100);
    heard('online', 50_000);
    heard('online', 60_005);
    expect(kinds()).toEqual(['ghost', 'double-presence', 'ghost', 'double-presence']);
    plot.heard('zed', 'online', 55_000);
    expect(kinds().at(-1)).toBe('ghost');
  });

  it('may tell that a client is offline, once, where it cannot keep its connection', () => {
    const { plot, heard, kinds } = setup();
    plot.phase(20_000, 'freeze', 'clients-offline').phase(80_000, 'calm again');
    plot.present('ann', 21_000, 'stalls').present('ann', 60_000, 'resumes').closed('ann', 60_010).served('ann', 60_100);
    heard('offline', 50_000);
    heard('online', 60_090);
    expect(kinds()).toEqual([]);
    heard('offline', 70_000);
    heard('online', 70_010);
    expect(kinds()).toEqual(['double-presence', 'double-presence']);
  });

  it('may be told again, or be forgotten, where Redis lost what it knew', () => {
    const { plot, heard, away, kinds } = setup();
    plot.phase(19_000, 'flush', 'redis-lost-writes', 'gap-of-delivery').fault(20_000, 'begin').fault(21_000, 'end');
    heard('online', 21_500);
    away(20_500, 60_000);
    heard('online', 60_005);
    expect(kinds()).toEqual([]);
    heard('online', 70_000);
    expect(kinds()).toEqual(['double-presence', 'double-presence']);
  });
});
