import { expect, it } from '@jest/globals';
import { LifeWatch } from './life-watch.ts';

it('a partition in another life is told, once', () => {
  const watch = new LifeWatch();
  const compare = (...lives: string[]) => [...watch.compare(lives)];
  expect(compare('a', 'b', 'c')).toEqual([]);
  expect(compare('a', 'B', 'C')).toEqual([1, 2]);
  expect(compare('a', 'B', 'C')).toEqual([]);
});
