import { describe, expect, it } from '@jest/globals';
import { deal, dealPeople, inboxOf, kindOf, logOf, peopleOf, pick } from './people.ts';

const people = peopleOf({ v1: 6, plain: 4, socketIo: 5 }, 3);

describe('the people of the load', () => {
  it('have a name each that says how they listen', () => {
    expect(new Set(people.map(({ clientId }) => clientId)).size).toBe(15);
    expect(people.every(({ clientId, kind }) => kindOf(clientId) === kind)).toBe(true);
    expect(kindOf('somebody')).toBeUndefined();
  });

  it('fill all channels with every kind', () => {
    const kinds = Map.groupBy(people, ({ channel }) => channel);
    expect([...kinds.values()].map((members) => new Set(members.map(({ kind }) => kind)).size)).toEqual([3, 3, 3]);
  });

  it('poll first only on Socket.IO, some of them', () => {
    expect(people.filter(({ polls }) => polls).map(({ clientId }) => clientId)).toEqual(['socketIo-0', 'socketIo-4']);
  });

  it('are dealt out so that nobody is left and nobody is twice', () => {
    const hands = deal(people, 4);
    expect(hands.map(({ length }) => length)).toEqual([4, 4, 4, 3]);
    expect(new Set(hands.flat()).size).toBe(15);
  });

  it('are dealt out so that no hand holds a channel, nor a kind, by itself', () => {
    for (const [channels, count] of [
      [20, 4],
      [6, 2],
      [340, 4],
      [30, 3],
    ] as const) {
      const all = peopleOf({ v1: 1_200, plain: 40, socketIo: 40 }, channels);
      const hands = dealPeople(all, channels, count);
      expect(new Set(hands.flat()).size).toBe(all.length);
      for (const hand of hands) {
        expect(new Set(hand.map(({ kind }) => kind)).size).toBe(3);
        const members = [...Map.groupBy(hand, ({ channel }) => channel).values()].map(({ length }) => length);
        expect(Math.max(...members)).toBeLessThanOrEqual(Math.ceil(all.length / channels / count) + 2);
      }
    }
  });

  it('are picked by chance, each at most once', () => {
    const picked = pick(people, 0.4, () => 0.5);
    expect(new Set(picked).size).toBe(6);
  });

  it('have logs named by whom they are for', () => {
    expect([inboxOf('v1-0'), logOf('v1-0', null), logOf('v1-0', 'c1')]).toEqual([
      'inbox:v1-0',
      'inbox:v1-0',
      'channel:c1',
    ]);
  });
});
