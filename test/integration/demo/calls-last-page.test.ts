import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { type CallsHarness, ends, refused, startCalls } from './call-people.ts';

let harness: CallsHarness;
beforeAll(async () => {
  // By it nothing is decided here.
  harness = await startCalls({ reconnectGraceMs: 120_000 });
});
afterAll(() => harness.close());

test('who closes the one page that rings is not rung in vain until Flotilla stops waiting for them', async () => {
  const [anna, bob] = [await harness.person(), await harness.person(0)];
  const { ws } = await harness.pods.welcomed(bob.name);
  const call = await anna.call(bob);
  expect((await bob.post('/api/calls/goodbye', {})).status).toBe(204);
  ws.terminate();
  await eventually(() =>
    expect(ends(anna.pages[0])).toEqual([expect.objectContaining({ call, by: bob.name, reason: 'hung_up' })]),
  );
  expect(await harness.isOnline(bob.name)).toBe(true);
  await harness.isFree(call);
});

test.each([
  ['closed the last page a moment ago is not here', true, 'never_connected'],
  ['was cut off a moment ago has dropped', false, 'dropped'],
])('who %s, though Flotilla waits for them', async (_, isClosed, code) => {
  const [anna, bob] = [await harness.person(), await harness.person(0)];
  const { ws } = await harness.pods.welcomed(bob.name);
  if (isClosed) expect((await bob.post('/api/calls/goodbye', {})).status).toBe(204);
  ws.terminate();
  await eventually(async () => expect(await harness.pods.im.presence.connections(bob.name)).toEqual([]));
  expect(await harness.isOnline(bob.name)).toBe(true);
  expect(await anna.dial(bob)).toMatchObject(refused(409, code));
});
