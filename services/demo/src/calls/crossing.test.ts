import { expect, it } from '@jest/globals';
import { settleCrossing } from './crossing.ts';

const [SMALLER, LARGER] = ['a.1', 'b.1'];

/** What Bob's call does while Anna's waits: it is dialled, or gone, after so many looks. */
function setup(becomes: 'dialled by Bob' | 'dialled by Anna' | 'gone' | 'nothing') {
  const ended: string[] = [];
  let waits = 0;
  const isThen = (what: string): boolean => waits >= 3 && becomes.startsWith(what);
  const standing = {
    dialled: (_call: string) =>
      Promise.resolve(isThen('dialled') ? { by: becomes.slice(11), device: 'd', video: true } : null),
    end: (call: string) => {
      ended.push(call);
      return Promise.resolve();
    },
    members: (_call: string) => Promise.resolve(isThen('gone') ? [] : ['Anna', 'Bob']),
  };
  const wait = (): Promise<void> => {
    waits += 1;
    return Promise.resolve();
  };
  const settle = (call: string, other: string) => settleCrossing({ call, other, to: 'Bob' }, standing, wait);
  return { ended, settle };
}

it('takes back the one with the larger id, and then it is theirs', async () => {
  const { ended, settle } = setup('dialled by Bob');
  expect(await settle(LARGER, SMALLER)).toBe('theirs');
  expect(ended).toEqual([LARGER]);
});

it('waits with the smaller one until the other is taken back', async () => {
  const { ended, settle } = setup('gone');
  expect(await settle(SMALLER, LARGER)).toBe('ours');
  expect(ended).toEqual([]);
});

it('leaves the larger one its way that has seen nothing of the smaller one', async () => {
  expect(await setup('dialled by Bob').settle(SMALLER, LARGER)).toBe('theirs');
});

it('goes nowhere when both are of one person, or neither becomes anything', async () => {
  expect(await setup('dialled by Anna').settle(SMALLER, LARGER)).toBe('neither');
  expect(await setup('gone').settle(LARGER, SMALLER)).toBe('neither');
  expect(await setup('nothing').settle(SMALLER, LARGER)).toBe('neither');
});
