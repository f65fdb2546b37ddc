import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { type CallsHarness, ends, startCalls } from './call-people.ts';

let harness: CallsHarness;
let person: CallsHarness['person'];
beforeAll(async () => {
  harness = await startCalls();
  ({ person } = harness);
});
afterAll(() => harness.close());

describe('who goes away', () => {
  test('without a goodbye is told to have dropped, and the other one is free', async () => {
    const [anna, carol] = [await person(), await person()];
    const peer = await harness.pods.welcomed('Person without goodbye');
    const call = await anna.call({ name: 'Person without goodbye' });
    peer.ws.terminate();
    const end = { kind: 'call', type: 'ended', call, by: 'Person without goodbye', reason: 'dropped' };
    await eventually(() => expect(ends(anna.pages[0])).toEqual([end]));
    await harness.isFree(call);
    expect((await carol.dial(anna)).status).toBe(200);
  });

  test('with a goodbye has hung up; one page of several that goes ends nothing', async () => {
    const [anna, bob] = [await person(), await person(2)];
    const call = await anna.call(bob);
    await bob.answer(call, 'accepted');
    await bob.pages[0]?.close();
    expect((await anna.post('/api/calls/sign', { call })).status).toBe(204);
    await bob.pages[1]?.close();
    await eventually(() =>
      expect(ends(anna.pages[0])).toEqual([expect.objectContaining({ call, by: bob.name, reason: 'hung_up' })]),
    );
    await harness.isFree(call);
    expect((await anna.post('/api/calls/sign', { call })).status).toBe(404);
  });

  test('while no service runs is told when one does', async () => {
    const anna = await person();
    const peer = await harness.pods.welcomed('Person who goes unseen');
    const call = await anna.call({ name: 'Person who goes unseen' });
    await harness.restart(async () => {
      peer.ws.terminate();
      await eventually(async () => expect(await harness.isOnline('Person who goes unseen')).toBe(false));
    });
    await eventually(() => expect(ends(anna.pages[0])).toEqual([expect.objectContaining({ call, reason: 'dropped' })]));
  });
});
