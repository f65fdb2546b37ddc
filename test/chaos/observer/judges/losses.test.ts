import { describe, expect, it } from '@jest/globals';
import type { ClientKind } from '../../journal/record.ts';
import { figureOf, judged, kindsOf } from '../story/judged.ts';
import { Plot } from '../story/plot.ts';

const INBOX = 'inbox:ann';
const NEWS = 'channel:news';

/** Redis loses writes in the phase from 10 s to 20 s. Message 1 came before; message 2 was accepted at 11 s. */
function setup(kind: ClientKind = 'v1') {
  const plot = new Plot().phase(0, 'calm').client('ann', kind);
  plot.phase(10_000, 'flush', 'redis-lost-writes', 'gap-of-delivery').phase(20_000, 'calm again');
  plot.sent(INBOX, 1_000).arrived('ann', INBOX, 1, 1_010).sent(INBOX, 11_000);
  return { plot, verdict: () => judged(plot.records), kinds: () => kindsOf(judged(plot.records)) };
}

describe('where Redis lost its writes', () => {
  it('a message may be gone if its receiver was told after it was sent', () => {
    const { plot, verdict } = setup();
    plot.gap('ann', INBOX, 11_000.5);
    expect(verdict().violations).toEqual([]);
    expect(verdict().figures).toContainEqual({
      phase: 'flush',
      name: 'lost and told, flotilla.v1',
      value: 1,
      most: null,
      unit: '',
    });
  });

  it('its receiver may be told in a later phase, on its return', () => {
    const { plot, kinds } = setup();
    plot.gap('ann', INBOX, 31_000);
    expect(kinds()).toEqual([]);
  });

  it.each([
    ['was not told', () => undefined],
    ['was told before it was sent', (plot: Plot) => plot.gap('ann', INBOX, 10_900)],
    ['was told of another log', (plot: Plot) => plot.gap('ann', NEWS, 11_500)],
  ])('a message is lost if its receiver %s', (_, tell) => {
    const { plot, kinds } = setup();
    plot.joined('ann', NEWS);
    tell(plot);
    expect(kinds()).toEqual(['lost']);
  });

  it.each([
    ['plain', []],
    ['socketIo', []],
    ['v1', ['lost']],
  ] as const)('of a %s client that was away the business may be told in one', (kind, kinds) => {
    const { plot, verdict } = setup(kind);
    plot.present('ann', 10_500, 'leaves').closed('ann', 10_500).loss(11_500);
    plot.present('ann', 12_000, 'comes').served('ann', 12_000, 0, kind);
    expect(kindsOf(verdict())).toEqual(kinds);
  });

  it('of a bare client that was there the business is told by name', () => {
    const { plot, kinds } = setup('plain');
    plot.loss(11_500);
    expect(kinds()).toEqual(['lost']);
  });

  it('a message is lost if it was missing before', () => {
    const { plot, kinds } = setup();
    plot.arrived('ann', INBOX, 2, 11_010).sent(INBOX, 12_000).gap('ann', INBOX, 12_500);
    // Of another log: number 1 is passed over, in time before Redis lost anything.
    plot
      .joined('ann', NEWS)
      .sent(NEWS, 9_000)
      .sent(NEWS, 9_100)
      .arrived('ann', NEWS, 2, 9_110)
      .gap('ann', NEWS, 12_500);
    expect(kinds()).toEqual(['lost']);
  });

  it('a message is lost if it had taken too long before', () => {
    const { plot, kinds } = setup();
    plot.arrived('ann', INBOX, 2, 11_010).joined('ann', NEWS).sent(NEWS, 3_000).gap('ann', NEWS, 12_500);
    expect(kinds()).toEqual(['lost']);
  });

  it('a message that was accepted later must come', () => {
    const { plot, kinds } = setup();
    plot.gap('ann', INBOX, 11_500).sent(INBOX, 12_000);
    expect(kinds()).toEqual(['lost']);
  });

  it('memberships are lost until everybody joins again', () => {
    const { plot, kinds } = setup();
    plot.arrived('ann', INBOX, 2, 11_010).joined('ann', NEWS).sent(NEWS, 11_000).joined('ann', NEWS, 12_000);
    expect(kinds()).toEqual([]);
    plot.sent(NEWS, 13_000);
    expect(kinds()).toEqual(['lost']);
  });

  it('a message that was sent again may come again: its key is lost', () => {
    const { plot, kinds } = setup();
    const n = plot.arrived('ann', INBOX, 2, 11_010).intends(INBOX, 12_000);
    plot.arrived('ann', INBOX, n, 12_005).failed(INBOX, n, 13_000).accepted(INBOX, n, 14_000);
    plot.arrived('ann', INBOX, n, 14_005);
    expect(kinds()).toEqual([]);
  });

  it('so may one whose call took so long that it may have been repeated', () => {
    const { plot, kinds } = setup();
    const n = plot.arrived('ann', INBOX, 2, 11_010).intends(INBOX, 12_000);
    plot.arrived('ann', INBOX, n, 12_005).accepted(INBOX, n, 14_000).arrived('ann', INBOX, n, 14_005);
    expect(kinds()).toEqual([]);
  });

  it('a message that was sent once may not', () => {
    const { plot, kinds } = setup();
    plot.arrived('ann', INBOX, 2, 11_010).arrived('ann', INBOX, 2, 11_020);
    expect(kinds()).toEqual(['duplicated']);
  });
});

/** A master is alone from 11 s to 12 s and then dead; ann is away from 10.5 s to 19 s. */
function failover(excuse: 'master-dies' | 'gap-of-delivery' = 'master-dies') {
  const plot = new Plot().phase(0, 'calm').client('ann').client('bob').joined('ann', NEWS);
  plot.phase(10_000, 'failover', 'redis-lost-writes', excuse).phase(20_000, 'calm again');
  plot.sample(11_000, 'master.alone', 1).sample(12_000, 'master.alone', 0);
  const leaves = (tMs: number): Plot => plot.present('ann', tMs, 'leaves').closed('ann', tMs);
  plot.present('ann', 19_000, 'comes').served('ann', 19_000);
  return { plot, leaves, kinds: () => kindsOf(judged(plot.records)) };
}

describe('where a master dies', () => {
  it.each([
    [5_000, ['lost']],
    [10_900, ['lost']],
    [11_010, []],
    [12_900, []],
    [13_100, ['lost']],
    [18_000, ['lost']],
    [21_000, ['lost']],
  ] as const)('what it accepted while it was alone is gone for who was away: %i ms', (acceptedMs, found) => {
    const { plot, leaves, kinds } = failover();
    leaves(Math.min(acceptedMs - 100, 10_500));
    plot.sent(INBOX, acceptedMs - 1, acceptedMs);
    expect(kinds()).toEqual(found);
  });

  it('is counted by its own name', () => {
    const { plot, leaves } = failover();
    leaves(10_500).sent(INBOX, 11_100);
    expect(figureOf(judged(plot.records), 'lost with a master, flotilla.v1')).toMatchObject({ value: 1 });
  });

  it('nothing is gone for who was there', () => {
    const { leaves, kinds } = failover();
    leaves(10_500).sent('inbox:bob', 11_100);
    expect(kinds()).toEqual(['lost']);
  });

  it('nothing is gone where no fault says so', () => {
    const { leaves, kinds } = failover('gap-of-delivery');
    leaves(10_500).sent(INBOX, 11_100);
    expect(kinds()).toEqual(['lost']);
  });

  it('who was given some of it knows of the rest of that log, and must be told', () => {
    const { plot, leaves, kinds } = failover();
    plot.sent(INBOX, 11_400).arrived('ann', INBOX, 1, 11_410).sent(NEWS, 11_420);
    leaves(11_500).sent(INBOX, 11_600);
    // Of the other log nothing was given, but she was there.
    expect(kinds()).toEqual(['lost', 'lost']);
    plot.gap('ann', INBOX, 19_001).gap('ann', NEWS, 19_001);
    expect(kinds()).toEqual([]);
  });

  it('a bare client keeps no positions: nobody knows what it was given', () => {
    const plot = new Plot()
      .phase(0, 'calm')
      .client('ann', 'plain')
      .phase(10_000, 'failover', 'redis-lost-writes', 'master-dies');
    plot.sample(11_000, 'master.alone', 1).sample(12_000, 'master.alone', 0);
    plot.sent(INBOX, 11_400).arrived('ann', INBOX, 1, 11_410).present('ann', 11_500, 'leaves').closed('ann', 11_500);
    plot
      .sent(INBOX, 11_600)
      .present('ann', 13_000, 'comes')
      .served('ann', 13_000, 0, 'plain')
      .phase(20_000, 'calm again');
    expect(kindsOf(judged(plot.records))).toEqual([]);
  });
});

describe('to be told of a loss', () => {
  it('is wrong where nothing is lost', () => {
    const { plot, verdict } = setup();
    plot.arrived('ann', INBOX, 2, 11_010).gap('ann', INBOX, 5_000);
    expect(kindsOf(verdict())).toEqual(['told-lost']);
    expect(verdict().violations[0]?.phase).toBe('calm');
  });

  it('is wrong for logs that are not its own', () => {
    const { plot, kinds } = setup();
    plot.arrived('ann', INBOX, 2, 11_010).gap('ann', 'channel:$broadcast', 5_000);
    expect(kinds()).toEqual(['told-lost']);
  });

  it('is right where Redis lost its writes, and once after that', () => {
    const { plot, verdict, kinds } = setup();
    plot.arrived('ann', INBOX, 2, 11_010).joined('ann', NEWS);
    plot
      .gap('ann', INBOX, 12_000)
      .gap('ann', INBOX, 13_000)
      .gap('ann', NEWS, 25_000)
      .gap('ann', 'channel:$broadcast', 25_000);
    expect(kinds()).toEqual([]);
    plot.gap('ann', INBOX, 30_000).gap('ann', NEWS, 30_000);
    expect(kinds()).toEqual(['told-lost', 'told-lost']);
    expect(figureOf(verdict(), 'told of losses that are none')).toMatchObject({ phase: 'calm again', value: 2 });
  });

  it.each([
    ['plain', 3, []],
    ['socketIo', 3, []],
    ['socketIo', 4, ['told-lost']],
    ['v1', 3, ['told-lost', 'duplicated']],
  ] as const)(
    'again is right for a %s client before message %i, if message 3 followed the first time',
    (kind, n, kinds) => {
      const { plot } = setup(kind);
      plot.gap('ann', INBOX, 12_000).sent(INBOX, 13_000).arrived('ann', INBOX, 3, 13_010);
      plot.sent(INBOX, 14_000).arrived('ann', INBOX, 4, 14_010);
      plot.served('ann', 25_001, 0, kind).gap('ann', INBOX, 25_002).arrived('ann', INBOX, n, 25_003, 2);
      expect(new Set(kindsOf(judged(plot.records)))).toEqual(new Set(kinds));
    },
  );

  it('is no second mistake where something is lost', () => {
    const plot = new Plot().phase(0, 'calm').client('ann').sent(INBOX, 10).gap('ann', INBOX, 20);
    expect(kindsOf(judged(plot.records))).toEqual(['lost']);
    plot.gap('ann', INBOX, 30);
    expect(kindsOf(judged(plot.records))).toEqual(['lost', 'told-lost']);
  });
});
