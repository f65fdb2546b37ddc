import { expect, it } from '@jest/globals';
import { GenerationWatch } from './generation-watch.ts';

function setup() {
  const watch = new GenerationWatch();
  watch.heard(7, 'aaaaaa000001');
  return watch;
}

it('a master is new where another one gave out offsets before', () => {
  const watch = setup();
  expect(watch.heard(8, 'bbbbbb000001')).toBe(false);
  expect(watch.heard(7, 'bbbbbb000001')).toBe(true);
  expect(watch.heard(7, 'bbbbbb000001')).toBe(false);
});

it('a master is new where the store says so before any message does', () => {
  const watch = new GenerationWatch();
  const compare = (...masters: string[]) => [...watch.compare(masters)];
  expect(compare('aaaaaa', '', 'aaaaaa')).toEqual([]);
  expect(compare('', 'aaaaaa', 'bbbbbb')).toEqual([2]);
  expect(watch.heard(2, 'bbbbbb000001')).toBe(false);
  expect(compare('bbbbbb', 'aaaaaa', 'bbbbbb')).toEqual([0]);
});

it('logs that were born at different times under one master are no news', () => {
  const watch = setup();
  expect(watch.heard(7, 'aaaaaa000002')).toBe(false);
  expect(watch.heard(7, 'aaaaaa000001')).toBe(false);
});
