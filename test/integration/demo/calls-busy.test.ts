import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { channelOfCall, createCallId } from '../../../services/demo/src/calls/call-id.ts';
import { eventually } from '../../support/eventually.ts';
import { type CallsHarness, ends, random, refused, rings, startCalls } from './call-people.ts';

let harness: CallsHarness;
let person: CallsHarness['person'];
beforeAll(async () => {
  harness = await startCalls();
  ({ person } = harness);
});
afterAll(() => harness.close());

describe('dialling somebody who is in a call', () => {
  test('hears that somebody is busy, until they are not', async () => {
    const [anna, bob, carol] = [await person(), await person(), await person()];
    const call = await anna.call(bob);
    expect(await carol.dial(bob)).toMatchObject(refused(409, 'busy'));
    expect(await carol.dial(anna)).toMatchObject(refused(409, 'busy'));
    expect(await bob.dial(carol)).toMatchObject(refused(409, 'in_call'));
    await bob.answer(call, 'accepted');
    expect(await carol.dial(bob)).toMatchObject(refused(409, 'busy'));
    expect(rings(bob.pages[0])).toHaveLength(1);
    await bob.hangUp(call);
    expect((await carol.dial(bob)).status).toBe(200);
  });

  test('of many at once, at most one rings', async () => {
    const bob = await person();
    const callers = await Promise.all(Array.from({ length: 5 }, () => person()));
    const answered = await Promise.all(callers.map((caller) => caller.dial(bob)));
    const through = answered.filter(({ status }) => status === 200).length;
    expect(through).toBeLessThanOrEqual(1);
    expect(answered.filter(({ body }) => (body as { code?: string }).code === 'busy')).toHaveLength(5 - through);
    await eventually(() => expect(rings(bob.pages[0])).toHaveLength(through));
  });

  test('does not find somebody busy for ever whose call was left behind by everybody in it', async () => {
    const [anna, bob, carol] = [await person(), await person(), await person()];
    const leave = async (agoMs: number): Promise<string> => {
      const call = createCallId(Date.now() - agoMs, random());
      await harness.pods.im.channels.join(channelOfCall(call), [bob.name, carol.name]);
      return call;
    };
    // Both are connected and nobody ended it, but for a minute none of their pages has been there.
    const left = await leave(120_000);
    expect((await anna.dial(bob)).status).toBe(200);
    await eventually(() =>
      expect(ends(carol.pages[0])).toEqual([expect.objectContaining({ call: left, reason: 'dropped' })]),
    );
    expect(await harness.pods.im.channels.count(channelOfCall(left))).toBe(0);
    // One that a page still signs is a call, however old.
    const dora = await person();
    const signed = createCallId(Date.now() - 3_600_000, random());
    await harness.pods.im.channels.join(channelOfCall(signed), [carol.name, dora.name]);
    expect((await carol.post('/api/calls/sign', { call: signed })).status).toBe(204);
    expect(await anna.dial(dora)).toMatchObject(refused(409, 'busy'));
  });
});
