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
    moved: () => figureOf(judged(plot.records), 'delivery gap of moved clients, p99'),
    inPhase: () => figureOf(judged(plot.records), 'delivery gap of moved clients, in the whole phase, p99'),
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

describe('the delivery gap of moved clients', () => {
  it('is the longest wait for a message around a new connection', () => {
    const { plot, message, moved, inPhase, kinds } = setup();
    message(1_000, 1_900);
    message(4_000, 4_030);
    plot.served('ann', 4_500, 1).closed('ann', 4_510);
    message(5_400, 5_470);
    message(8_000, 8_800);
    expect(moved()).toMatchObject({ value: 70, most: 100 });
    expect(inPhase()).toMatchObject({ value: 900, most: null });
    expect(kinds()).toEqual([]);
  });

  it('is held to 100 ms', () => {
    const { plot, message, kinds } = setup();
    plot.served('ann', 4_500, 1).closed('ann', 4_510);
    message(4_480, 4_590);
    expect(kinds()).toEqual(['bound']);
    const text =
      'delivery gap of moved clients, p99: 110 ms of 1, at most 100 ms; the longest: ann, served anew at 4.500 s';
    expect(judged(plot.records).violations.map((violation) => violation.text)).toEqual([text]);
  });

  it('is how old a message is, although others came before it, over either connection', () => {
    const { plot, longest, moved, kinds } = setup();
    plot.served('ann', 4_500, 1).closed('ann', 4_600);
    for (const tMs of [4_400, 4_410, 4_420]) plot.sent(INBOX, tMs - 1, tMs);
    for (const [i, tMs] of [4_480, 4_530, 4_590].entries()) plot.arrived('ann', INBOX, i + 1, tMs);
    expect(longest()).toBe(80);
    expect(moved()?.value).toBe(170);
    expect(kinds()).toEqual(['bound']);
  });

  it('counts from the epoch that had the client move, though it was told to go much later', () => {
    const late = setup();
    late.plot.sample(1_000, 'epoch', 1).sample(2_000, 'epoch', 2).sample(2_900, 'epoch', 2);
    late.message(1_700, 1_900);
    late.message(2_500, 2_620);
    late.plot.served('ann', 5_000, 1).closed('ann', 5_010);
    expect(late.moved()?.value).toBe(120);
    const without = setup();
    without.message(2_500, 2_620);
    without.plot.served('ann', 5_000, 1).closed('ann', 5_010);
    expect(without.moved()?.value).toBe(0);
  });

  it('has nothing to do with an epoch of long before', () => {
    const { plot, message, moved } = setup();
    plot.sample(2_000, 'epoch', 2);
    message(2_500, 2_620);
    plot.served('ann', 40_000, 1).closed('ann', 40_010);
    expect(moved()?.value).toBe(0);
  });

  it('counts to a second after the old connection has closed', () => {
    const { plot, message, moved } = setup();
    plot.served('ann', 4_500, 1).closed('ann', 7_000);
    message(7_900, 7_950);
    message(8_001, 8_100);
    expect(moved()?.value).toBe(50);
  });

  it('is one of each client, however often it moves', () => {
    const { plot, message } = setup();
    plot.served('ann', 4_500, 1).closed('ann', 4_510);
    message(4_480, 4_510);
    plot.served('ann', 14_500, 0).closed('ann', 14_510, 2, 1);
    message(14_480, 14_550);
    expect(figureOf(judged(plot.records), 'delivery gap of moved clients, p50')?.value).toBe(70);
  });

  it('is told, not held, where a gap is excused', () => {
    const { plot, message, moved, kinds } = setup({ excuses: ['gap-of-delivery'] });
    plot.served('ann', 4_500, 1).closed('ann', 4_510);
    message(4_480, 4_590);
    expect(moved()).toMatchObject({ value: 110, most: null });
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
    const { plot, message, moved } = setup({ excuses: ['gap-of-delivery'] });
    plot.phase(4_400, 'rollout').served('ann', 4_500, 1).closed('ann', 4_510);
    message(1_000, 4_420);
    message(4_490, 4_520);
    expect(moved()).toMatchObject({ phase: 'rollout', value: 30 });
  });

  it('is none of a client that read nothing, and so took its connection for lost', () => {
    const { plot, message, moved, kinds } = setup();
    plot.present('ann', 3_000, 'stalls').present('ann', 28_000, 'resumes').served('ann', 28_001, 0, 'v1', 22_000);
    plot.closed('ann', 28_050);
    message(27_000, 28_200);
    expect(moved()).toBeUndefined();
    expect(kinds()).toEqual([]);
    plot.served('ann', 40_000, 1).closed('ann', 40_010, 2);
    expect(moved()).toMatchObject({ value: 0 });
  });

  it('is none of a client that comes back by its own will, or of another kind', () => {
    const { plot, message, moved } = setup();
    plot.present('ann', 900, 'leaves').closed('ann', 901).present('ann', 3_000, 'comes').served('ann', 3_100);
    message(1_000, 3_300);
    expect(moved()).toBeUndefined();
    const bare = setup({ kind: 'plain' });
    bare.plot.closed('ann', 4_500).served('ann', 4_800, 1, 'plain');
    bare.message(4_600, 4_900, 2);
    expect(bare.moved()).toBeUndefined();
    expect(bare.kinds()).toEqual([]);
    expect(figureOf(judged(bare.plot.records), 'delivery gap of moved clients, plain, p99')).toMatchObject({
      value: 300,
      most: null,
    });
  });
});
