import { describe, expect, it } from '@jest/globals';
import type { ClientKind, Excuse } from '../../journal/record.ts';
import { figureOf, judged, kindsOf } from '../story/judged.ts';
import { Plot } from '../story/plot.ts';

const INBOX = 'inbox:ann';
const NEWS = 'channel:news';

/** One client, served from 0 ms on, and `sent` messages to its inbox, one each 10 ms from 10 ms on. */
function setup({ kind = 'v1', sent = 0, excuses = [] }: { kind?: ClientKind; sent?: number; excuses?: Excuse[] } = {}) {
  const plot = new Plot().phase(0, 'calm', ...excuses).client('ann', kind);
  for (let n = 1; n <= sent; n += 1) plot.sent(INBOX, 10 * n);
  return {
    plot,
    arrive: (numbers: readonly number[], fromMs = 100, connection = 1) => {
      for (const [i, n] of numbers.entries()) plot.arrived('ann', INBOX, n, fromMs + i, connection);
      return plot;
    },
    verdict: () => judged(plot.records),
    kinds: () => kindsOf(judged(plot.records)),
  };
}

describe('delivery to a flotilla.v1 client', () => {
  it('is right with every message once and in order', () => {
    const { arrive, verdict } = setup({ sent: 3 });
    arrive([1, 2, 3]);
    expect(verdict()).toMatchObject({ passed: true, accepted: 3, delivered: 3, violations: [] });
  });

  it('lacks what was accepted, in the middle and at the end', () => {
    const { arrive, verdict } = setup({ sent: 4 });
    arrive([1, 3]);
    expect(kindsOf(verdict())).toEqual(['lost', 'lost']);
    expect(verdict().violations[0]).toEqual({
      phase: 'calm',
      kind: 'lost',
      text: 'message 2 of sender-0.1 in inbox:ann, accepted at 0.021 s, never reached ann (flotilla.v1)',
    });
    expect(figureOf(verdict(), 'lost, flotilla.v1')).toMatchObject({ value: 2, most: 0 });
  });

  it('may bring what got no answer, once, or leave it out', () => {
    const { plot, arrive, kinds } = setup({ sent: 1 });
    plot.intends(INBOX, 60);
    arrive([1]);
    expect(kinds()).toEqual([]);
    arrive([2], 200);
    expect(kinds()).toEqual([]);
    arrive([2], 300);
    expect(kinds()).toEqual(['duplicated']);
  });

  it('knows a message that came twice, over a new connection as well', () => {
    const { arrive, kinds } = setup({ sent: 2 });
    arrive([1, 1, 2]);
    arrive([1], 200, 2);
    expect(kinds()).toEqual(['duplicated', 'duplicated']);
  });

  it('knows a message that came after a later one', () => {
    const { arrive, kinds } = setup({ sent: 3 });
    arrive([1, 3, 2]);
    expect(kinds()).toEqual(['reordered']);
  });

  it('knows what nobody sent, what nobody had sent yet, and what is for another', () => {
    const { plot, arrive, verdict } = setup({ sent: 1 });
    plot.client('bob').sent('inbox:bob', 10);
    plot.arrived('bob', 'inbox:bob', 1, 20);
    arrive([1, 1_000_001]);
    plot.arrived('ann', 'inbox:bob', 1, 120);
    plot.arrived('ann', INBOX, 1, 120, 1, 'sender-9.1');
    expect(kindsOf(verdict())).toEqual(['phantom', 'phantom', 'phantom']);
    plot.sent(INBOX, 500).arrived('ann', INBOX, 2, 499);
    expect(kindsOf(verdict())).toContain('phantom');
  });
});

describe.each(['plain', 'socketIo'] as const)('delivery to a %s client', (kind) => {
  it('may begin a new connection with what earlier ones brought', () => {
    const { arrive, verdict } = setup({ kind, sent: 4 });
    arrive([1, 2, 3]);
    arrive([2, 3, 4], 200, 2);
    expect(verdict().violations).toEqual([]);
    expect(verdict().delivered).toBe(4);
  });

  it.each([
    ['twice over one connection', [[1, 1, 2, 3]], 'duplicated'],
    [
      'again after what it followed over a new one',
      [
        [1, 2, 3],
        [2, 1],
      ],
      'duplicated',
    ],
    [
      'again after a new one',
      [
        [1, 2],
        [3, 2],
      ],
      'duplicated',
    ],
    ['after a later one', [[1, 3, 2]], 'reordered'],
    [
      'after a later one of an earlier connection',
      [
        [1, 3],
        [2, 3],
      ],
      'reordered',
    ],
  ])('may not bring a message %s', (_, connections, wrong) => {
    const { arrive, kinds } = setup({ kind, sent: 3 });
    for (const [i, numbers] of connections.entries()) arrive(numbers, 100 * (i + 1), i + 1);
    expect(kinds()).toEqual([wrong]);
  });

  it('may not bring anything again over a connection that a later one has followed', () => {
    const { arrive, kinds } = setup({ kind, sent: 3 });
    arrive([1], 100, 1);
    arrive([1, 2], 200, 2);
    arrive([2, 3], 300, 1);
    expect(kinds()).toContain('duplicated');
  });

  it('lacks what a new connection left out', () => {
    const { arrive, kinds } = setup({ kind, sent: 3 });
    arrive([1]);
    arrive([3], 200, 2);
    expect(kinds()).toEqual(['lost']);
  });
});

describe('order over the lives of a sender', () => {
  const [first, second] = ['sender-0.1', 'sender-0.2'];

  function lives() {
    const { plot, kinds } = setup();
    plot.sent(INBOX, 10, 11, first).intends(INBOX, 20, first);
    plot.sent(INBOX, 500, 501, second).sent(INBOX, 510, 511, second);
    const arrive = (life: string, n: number, tMs: number) => plot.arrived('ann', INBOX, n, tMs, 1, life);
    return { plot, kinds, arrive };
  }

  it('is that of the lives for what was accepted', () => {
    const { arrive, kinds } = lives();
    arrive(first, 1, 600);
    arrive(second, 1, 601);
    arrive(second, 2, 602);
    expect(kinds()).toEqual([]);
  });

  it('is broken by an earlier life that comes later', () => {
    const { arrive, kinds } = lives();
    arrive(second, 1, 600);
    arrive(first, 1, 601);
    arrive(second, 2, 602);
    expect(kinds()).toEqual(['reordered']);
  });

  it('leaves open when something without an answer comes', () => {
    const { arrive, kinds } = lives();
    arrive(first, 1, 600);
    arrive(second, 1, 601);
    arrive(first, 2, 602);
    arrive(second, 2, 603);
    expect(kinds()).toEqual([]);
  });

  it('leaves nothing open within a life', () => {
    const { arrive, kinds } = lives();
    arrive(first, 2, 600);
    arrive(first, 1, 601);
    arrive(second, 1, 602);
    arrive(second, 2, 603);
    expect(kinds()).toEqual(['reordered']);
  });

  it('holds for what a later life took over', () => {
    const { plot, arrive, kinds } = lives();
    plot.accepted(INBOX, 2, 400, first);
    arrive(first, 1, 600);
    arrive(second, 1, 601);
    arrive(second, 2, 602);
    expect(kinds()).toEqual(['lost']);
    arrive(first, 2, 603);
    expect(kinds()).toEqual(['reordered']);
  });
});

describe('what is due', () => {
  it('is, of a channel, what was sent to its members', () => {
    const { plot, kinds } = setup();
    plot.sent(NEWS, 10, 11).sent(NEWS, 20, 30).joined('ann', NEWS, 25).sent(NEWS, 40);
    expect(kinds()).toEqual(['lost']);
    plot.arrived('ann', NEWS, 2, 50).arrived('ann', NEWS, 3, 51);
    expect(kinds()).toEqual([]);
  });

  it('is nothing of a channel to those who are no members', () => {
    const { plot, kinds } = setup();
    plot.sent(NEWS, 10);
    expect(kinds()).toEqual([]);
    plot.arrived('ann', NEWS, 1, 50);
    expect(kinds()).toEqual(['phantom']);
  });

  it('is nothing once the client has left for good, and all while it is away', () => {
    const { plot, kinds } = setup();
    plot.present('ann', 50, 'leaves').closed('ann', 51).sent(INBOX, 1_000);
    expect(kinds()).toEqual([]);
    plot.present('ann', 2_000, 'comes').served('ann', 2_010);
    expect(kinds()).toEqual(['lost']);
    plot.arrived('ann', INBOX, 1, 2_020);
    expect(kinds()).toEqual([]);
  });
});

describe('a message that takes long', () => {
  it('is late after five seconds', () => {
    const { arrive, kinds } = setup({ sent: 1 });
    arrive([1], 5_010);
    expect(kinds()).toEqual([]);
    const other = setup({ sent: 1 });
    other.arrive([1], 5_012);
    expect(other.kinds()).toEqual(['late']);
  });

  it('is excused where delivery may have a gap, whenever that begins', () => {
    const { plot, arrive, kinds } = setup({ sent: 1 });
    plot.phase(5_000, 'kill', 'gap-of-delivery').phase(5_900, 'calm again');
    arrive([1], 6_000);
    expect(kinds()).toEqual([]);
  });

  it('is not late while its receiver is away or does not read', () => {
    const { plot, kinds } = setup();
    plot.present('ann', 5, 'stalls').sent(INBOX, 10).present('ann', 9_000, 'resumes').arrived('ann', INBOX, 1, 9_010);
    plot.present('ann', 10_000, 'leaves').closed('ann', 10_001).sent(INBOX, 10_100);
    plot.present('ann', 20_000, 'comes').served('ann', 20_100).arrived('ann', INBOX, 2, 20_110);
    expect(kinds()).toEqual([]);
  });

  it('is late when its receiver has been there long enough since', () => {
    const { plot, kinds } = setup();
    plot.present('ann', 5, 'stalls').sent(INBOX, 10).present('ann', 9_000, 'resumes').arrived('ann', INBOX, 1, 14_010);
    expect(kinds()).toEqual(['late']);
  });
});
