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

it('logs that were born at different times under one master are no news', () => {
  const watch = setup();
  expect(watch.heard(7, 'aaaaaa000002')).toBe(false);
  expect(watch.heard(7, 'aaaaaa000001')).toBe(false);
});
