import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { channelOfCall } from '../../../services/demo/src/calls/call-id.ts';
import type { CallBegun } from '../../../services/demo/src/words.ts';
import { eventually } from '../../support/eventually.ts';
import { answers, type CallsHarness, ends, ICE_SERVERS, random, refused, rings, startCalls } from './call-people.ts';

let harness: CallsHarness;
let person: CallsHarness['person'];
beforeAll(async () => {
  harness = await startCalls();
  ({ person } = harness);
});
afterAll(() => harness.close());

describe('dialling somebody who dials', () => {
  test('two who dial each other at once are in one call', async () => {
    for (let pair = 0; pair < 5; pair += 1) {
      const [anna, bob] = [await person(), await person()];
      const devices = [random(), random()] as const;
      const [annas, bobs] = await Promise.all([
        anna.dial(bob, { device: devices[0] }),
        bob.dial(anna, { device: devices[1] }),
      ]);
      expect([annas.status, bobs.status]).toEqual([200, 200]);
      const [first, second] = [annas.body as CallBegun, bobs.body as CallBegun];
      expect(first.call).toBe(second.call);
      // It is the call of exactly one of them, and the other one has accepted it.
      const crossed = [first.crossed, second.crossed];
      const accepts = crossed.findIndex((each) => each !== null);
      expect(crossed[1 - accepts]).toBeNull();
      expect(crossed[accepts]).toEqual({ device: devices[1 - accepts], video: true });
      const [who, other] = accepts === 0 ? [anna, bob] : [bob, anna];
      await eventually(() =>
        expect(answers(other.pages[0])).toEqual([
          expect.objectContaining({ call: first.call, by: who.name, device: devices[accepts], outcome: 'accepted' }),
        ]),
      );
      await eventually(() => expect(rings(who.pages[0])).toHaveLength(1));
      expect([rings(other.pages[0]), ends(who.pages[0]), ends(other.pages[0])]).toEqual([[], [], []]);
      expect(await harness.pods.im.channels.count(channelOfCall(first.call))).toBe(2);
    }
  });

  test('who is calling just now is answering them, as long as nobody has', async () => {
    const [anna, bob] = [await person(), await person()];
    const call = await anna.call(bob);
    const again = { device: random(), key: random() };
    for (const _ of [1, 2]) {
      const begun = await bob.dial(anna, again);
      expect(begun).toMatchObject({ status: 200, body: { call, crossed: { video: true }, iceServers: ICE_SERVERS } });
    }
    await eventually(() => expect(answers(anna.pages[0])).toEqual([expect.objectContaining({ call, by: bob.name })]));
    expect(await bob.dial(anna)).toMatchObject(refused(409, 'in_call'));
    expect(await anna.dial(bob)).toMatchObject(refused(409, 'busy'));
    expect(rings(anna.pages[0])).toEqual([]);
  });
});
