import { describe, expect, it } from '@jest/globals';
import type { ChangeOutcome, FleetAnswer, FleetChange } from '../../../src/fleet/fleet-words.ts';
import { controlSentence, epochsOf, movedSentence, newsOf, outcomeSentence } from './sentences.ts';
import { summaryOf } from './summary.ts';

const SHARD = { shard: 0, state: 'up', report: 'up', connections: 2, guests: 0, slotsOwned: 1, slotsHome: 1 } as const;

function changeOf(part: Partial<FleetChange> = {}): FleetChange {
  const moved = [{ from: 0, to: 2, slots: 1_365 }];
  return {
    firstEpoch: 4,
    epoch: 4,
    at: 0,
    connections: 9,
    mostMoved: 1_365,
    tookMs: 1_240,
    outcome: null,
    moved,
    ...part,
  };
}

function answerOf(part: Partial<FleetAnswer> = {}): FleetAnswer {
  const shards = [{ ...SHARD, perSecond: 3 }];
  const slots = { owners: [], homes: [], leaving: [] };
  const rest = { connections: 2, perSecond: 3, changes: [], isLocal: true, control: null };
  return { epoch: 4, shards, ...slots, ...rest, ...part };
}

describe('the strip', () => {
  it('sums the fleet up', () => {
    expect(summaryOf(answerOf())).toBe('1 shard · 2 connections · epoch 4 · 3 msg/s');
  });

  it('says that not all shards are up, by the map and by their own report', () => {
    const shards = [
      { ...SHARD, perSecond: null },
      { ...SHARD, shard: 1, state: 'away', perSecond: null } as const,
      { ...SHARD, shard: 2, report: null, perSecond: null },
    ];
    expect(summaryOf(answerOf({ shards, perSecond: null }))).toContain(
      '1 of 3 shards up · 2 connections · epoch 4 · – msg/s',
    );
  });
});

describe('a change', () => {
  it('says what moved and how fast', () => {
    expect(movedSentence(changeOf())).toBe('1,365 slots moved in 1.2 s: 1,365 from shard 0 to shard 2.');
    expect(movedSentence(changeOf({ tookMs: null }))).toContain('1,365 slots are moving');
    expect(movedSentence(changeOf({ moved: [{ from: null, to: 0, slots: 1 }], tookMs: 0 }))).toBe(
      '1 slot moved at once: 1 from nobody to shard 0.',
    );
    expect(movedSentence(changeOf({ moved: [] }))).toBe('1,365 slots went elsewhere and are back after 1.2 s.');
  });

  it('that went many ways says where slots went, or where they came from, whichever is shorter', () => {
    const way = (from: number, to: number) => ({ from, to, slots: 100 });
    const spread = [way(0, 2), way(0, 3), way(0, 4), way(1, 2), way(1, 3), way(1, 4)];
    expect(movedSentence(changeOf({ moved: spread }))).toMatch(/: 300 from shard 0, 300 from shard 1\.$/u);
    const gathered = spread.map(({ from, to, slots }) => ({ from: to, to: from, slots }));
    expect(movedSentence(changeOf({ moved: gathered }))).toMatch(/: 300 to shard 0, 300 to shard 1\.$/u);
  });

  it('of several maps names the first and the last', () => {
    expect([epochsOf(changeOf()), epochsOf(changeOf({ epoch: 6 }))]).toEqual(['Epoch 4', 'Epochs 4–6']);
  });

  it.each<[string, ChangeOutcome | null, string]>([
    ['nothing while it is not known', null, 'Counting connections …'],
    [
      'that nobody was dropped when that is so',
      { carried: 6, lost: {}, isComplete: true },
      'Of 9 open connections, 6 went to another shard; nobody was dropped.',
    ],
    [
      'that it did not see everything',
      { carried: 6, lost: {}, isComplete: false },
      'Of 9 open connections, 6 went to another shard. Which ones ended could not be followed all the time.',
    ],
    [
      'who was cut off, and why',
      { carried: 0, lost: { 'shard lost': 3 }, isComplete: true },
      'Of 9 open connections, none was seen to change shard; meanwhile 3 cut off by the loss of a shard. Whoever was cut off comes again by itself.',
    ],
  ])('says %s', (_, outcome, sentence) => {
    expect(outcomeSentence(changeOf({ outcome }))).toBe(sentence);
  });
});

describe('the news for a listener', () => {
  it('is a new epoch in words, and how a move ended, once', () => {
    const running = answerOf({ epoch: 5, changes: [changeOf({ tookMs: null })] });
    const over = answerOf({ epoch: 5, changes: [changeOf({ outcome: { carried: 1, lost: {}, isComplete: true } })] });
    expect(newsOf(null, running)).toBeNull();
    expect(newsOf(answerOf(), running)).toBe('Epoch 5: 1 shard.');
    expect(newsOf(running, { ...running, connections: 7 })).toBeNull();
    expect(newsOf(running, over)).toMatch(/^1,365 slots moved .* nobody was dropped\.$/u);
    expect(newsOf(over, over)).toBeNull();
  });

  it('is what the launcher failed with', () => {
    const control = { what: 'scale to 3', isRunning: false, hasFailed: true, text: 'It does not answer.' };
    expect(newsOf(answerOf(), answerOf({ control }))).toBe('It does not answer.');
  });
});

it('what the launcher does is said before it says so itself', () => {
  const control = { what: 'scale to 3', isRunning: true, hasFailed: false, text: '' };
  expect(controlSentence(answerOf({ control }))).toBe('Scale to 3 …');
  expect(controlSentence(answerOf({ control: { ...control, text: '2 shards → 3' } }))).toBe('2 shards → 3');
});
