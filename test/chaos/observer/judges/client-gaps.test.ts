import { describe, expect, it } from '@jest/globals';
import type { ClientKind, Excuse } from '../../journal/record.ts';
import { figureOf, judged, kindsOf } from '../story/judged.ts';
import { Plot } from '../story/plot.ts';

const INBOX = 'inbox:ann';

/** One client, from 0 ms on. */
function setup({ kind = 'v1', excuses = [] }: { kind?: ClientKind; excuses?: Excuse[] } = {}) {
  const plot = new Plot().phase(0, 'scale', ...excuses).client('ann', kind);
  let n = 0;
  return {
    plot,
    /** The next message, accepted at a time and arrived at another. */
    message: (acceptedMs: number, arrivedMs: number, connection = 1) => {
      n += 1;
      return plot.sent(INBOX, acceptedMs - 1, acceptedMs).arrived('ann', INBOX, n, arrivedMs, connection);
    },
    longest: () => figureOf(judged(plot.records), 'delivery gap, longest')?.value,
    moved: () => figureOf(judged(plot.records), 'delivery gap of moved clients, longest')?.value,
    atMoves: () => figureOf(judged(plot.records), 'delivery gap at moves, p99'),
    kinds: () => kindsOf(judged(plot.records)),
  };
}

describe('the delivery gap', () => {
  it('is the time from acceptance to arrival for a client that waits for one message', () => {
    const { message, longest } = setup();
    message(1_000, 1_040);
    expect(longest()).toBe(40);
  });

  it('is the time between two arrivals while messages wait, not how old they are', () => {
    const { plot, longest } = setup();
    for (const tMs of [1_000, 1_010, 1_020]) plot.sent(INBOX, tMs - 1, tMs);
    for (const [i, tMs] of [1_100, 1_150, 1_300].entries()) plot.arrived('ann', INBOX, i + 1, tMs);
    expect(longest()).toBe(150);
  });

  it('is no time in which nothing was due, nor one before the sender knew', () => {
    const { message, longest } = setup();
    message(1_000, 1_000);
    message(60_005, 60_000);
    message(70_000, 70_005);
    expect(longest()).toBe(5);
  });

  it('is no time in which the client was away', () => {
    const { plot, message, longest } = setup();
    plot.present('ann', 900, 'leaves').closed('ann', 901).present('ann', 3_000, 'comes').served('ann', 3_100);
    message(1_000, 3_107);
    plot.present('ann', 3_900, 'stalls').present('ann', 4_500, 'resumes');
    message(4_000, 4_510);
    expect(longest()).toBe(10);
  });

  it('goes on where a connection ended because the client did not read', () => {
    const { plot, message, longest, kinds } = setup({ excuses: ['clients-offline'] });
    plot.present('ann', 900, 'stalls').present('ann', 40_000, 'resumes').closed('ann', 40_020).served('ann', 40_400);
    message(1_000, 40_407);
    expect(longest()).toBe(7);
    expect(kinds()).toEqual([]);
  });

  it('belongs to the phase that it began in, or to the one that excuses it', () => {
    const { plot, message } = setup();
    message(1_000, 1_003);
    plot.phase(2_000, 'kill', 'gap-of-delivery').phase(10_000, 'calm');
    message(1_900, 4_000);
    message(9_900, 11_000);
    const figures = judged(plot.records).figures.filter(({ name }) => name === 'delivery gap, longest');
    expect(figures.map(({ phase, value }) => [phase, value])).toEqual([
      ['scale', 3],
      ['kill', 2_100],
    ]);
  });
});

describe('the delivery gap at moves', () => {
  it('is the longest that touches the second around a new connection', () => {
    const { plot, message, moved, atMoves, kinds } = setup();
    message(1_000, 1_900);
    message(4_000, 4_030);
    plot.served('ann', 4_500, 1).closed('ann', 4_510);
    message(5_400, 5_470);
    message(8_000, 8_800);
    expect(moved()).toBe(900);
    expect(atMoves()).toMatchObject({ value: 70, most: 100 });
    expect(kinds()).toEqual([]);
  });

  it('is held to 100 ms', () => {
    const { plot, message, kinds } = setup();
    plot.served('ann', 4_500, 1).closed('ann', 4_510);
    message(4_480, 4_590);
    expect(kinds()).toEqual(['bound']);
  });

  it('is told, not held, where a gap is excused', () => {
    const { plot, message, atMoves, kinds } = setup({ excuses: ['gap-of-delivery'] });
    plot.served('ann', 4_500, 1).closed('ann', 4_510);
    message(4_480, 4_590);
    expect(atMoves()).toMatchObject({ value: 110, most: null });
    expect(kinds()).toEqual([]);
  });

  it('is held whatever the host takes of the machine, and that is told beside it', () => {
    const { plot, message, kinds } = setup();
    plot.served('ann', 4_500, 1).closed('ann', 4_510);
    message(4_480, 4_590);
    for (const [second, percent] of [0, 31, 5].entries()) plot.sample(second * 1_000, 'machine.taken', percent);
    expect(kinds()).toEqual(['bound']);
    expect(figureOf(judged(plot.records), 'the same in its worst second')).toMatchObject({ value: 31, most: null });
  });

  it('is not that of a phase before that excuses it', () => {
    const { plot, message, atMoves } = setup({ excuses: ['gap-of-delivery'] });
    plot.phase(4_400, 'rollout').served('ann', 4_500, 1).closed('ann', 4_510);
    message(1_000, 4_420);
    message(4_490, 4_520);
    expect(atMoves()).toMatchObject({ phase: 'rollout', value: 30 });
  });

  it('is none of a client that comes back by its own will, or of another kind', () => {
    const { plot, message, atMoves } = setup();
    plot.present('ann', 900, 'leaves').closed('ann', 901).present('ann', 3_000, 'comes').served('ann', 3_100);
    message(1_000, 3_300);
    expect(atMoves()).toBeUndefined();
    const bare = setup({ kind: 'plain' });
    bare.plot.closed('ann', 4_500).served('ann', 4_800, 1, 'plain');
    bare.message(4_600, 4_900, 2);
    expect(bare.atMoves()).toBeUndefined();
    expect(bare.kinds()).toEqual([]);
    expect(figureOf(judged(bare.plot.records), 'delivery gap at moves, plain, p99')).toMatchObject({
      value: 300,
      most: null,
    });
  });
});
