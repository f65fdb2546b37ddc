import { expect, test } from '@jest/globals';
import { refusalOf } from './route-refusal.ts';

const route = (...conditions: object[]) => ({
  metadata: { name: 'im-s0' },
  status: { parents: [{ parentRef: { name: 'edge' }, conditions }] } as never,
});

test('a route that a Gateway refuses is told with the reason', () => {
  const refused = { type: 'Accepted', status: 'False', reason: 'NoMatchingParent', message: '' };
  expect(refusalOf(route(refused))).toBe('route im-s0 is not taken by edge (NoMatchingParent)');
  const missing = { type: 'ResolvedRefs', status: 'False', reason: 'BackendNotFound', message: 'no Service' };
  expect(refusalOf(route({ type: 'Accepted', status: 'True' }, missing))).toContain('(BackendNotFound: no Service)');
});

test('a route that is taken, or of which nobody has said anything, is no news', () => {
  expect(refusalOf(route({ type: 'Accepted', status: 'True' }, { type: 'Other', status: 'False' }))).toBeNull();
  expect(refusalOf({ metadata: { name: 'im-s0' } })).toBeNull();
});
