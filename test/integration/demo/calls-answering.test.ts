import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { answers, type CallsHarness, ends, ICE_SERVERS, random, refused, startCalls } from './call-people.ts';

let harness: CallsHarness;
let person: CallsHarness['person'];
beforeAll(async () => {
  harness = await startCalls();
  ({ person } = harness);
});
afterAll(() => harness.close());

describe('answering', () => {
  test('of two devices that accept at once exactly one does, and the others stop ringing', async () => {
    const [anna, bob] = [await person(), await person(2)];
    const call = await anna.call(bob);
    const devices = [random(), random()];
    const outcomes = await Promise.all(devices.map((device) => bob.answer(call, 'accepted', device)));
    const won = outcomes.findIndex(({ status }) => status === 200);
    expect(outcomes[1 - won]).toMatchObject(refused(409, 'already_answered'));
    expect(outcomes[won]).toMatchObject({ body: { call, iceServers: ICE_SERVERS } });
    const answer = expect.objectContaining({ call, by: bob.name, device: devices[won], outcome: 'accepted' });
    for (const page of [...anna.pages, ...bob.pages]) await eventually(() => expect(answers(page)).toEqual([answer]));
    // The one that won may say so again.
    expect((await bob.answer(call, 'accepted', devices[won])).status).toBe(200);
    expect(await bob.answer(call, 'refused')).toMatchObject(refused(409, 'already_answered'));
  });

  test('refusing ends it for both', async () => {
    const [anna, bob] = [await person(), await person(2)];
    const call = await anna.call(bob);
    expect((await bob.answer(call, 'refused')).status).toBe(200);
    for (const page of [...anna.pages, ...bob.pages]) {
      await eventually(() => expect(answers(page)).toEqual([expect.objectContaining({ call, outcome: 'refused' })]));
    }
    expect(await bob.answer(call, 'accepted')).toMatchObject(refused(404, 'call_over'));
    expect((await anna.dial(bob)).status).toBe(200);
  });

  test('is for who is called alone', async () => {
    const [anna, bob, mallory] = [await person(), await person(), await person()];
    const call = await anna.call(bob);
    expect(await anna.answer(call, 'accepted')).toMatchObject(refused(403, 'not_called'));
    expect(await mallory.answer(call, 'accepted')).toMatchObject(refused(404, 'call_over'));
    expect(answers(anna.pages[0])).toEqual([]);
  });

  test('that nobody did so is told by the page that rang in vain', async () => {
    const [anna, bob] = [await person(), await person()];
    const call = await anna.call(bob);
    expect((await anna.hangUp(call, 'no_answer')).status).toBe(204);
    for (const page of [...anna.pages, ...bob.pages]) {
      await eventually(() =>
        expect(ends(page)).toEqual([{ kind: 'call', type: 'ended', call, by: anna.name, reason: 'no_answer' }]),
      );
    }
    expect((await anna.hangUp(call)).status).toBe(204);
    expect(ends(bob.pages[0])).toHaveLength(1);
  });
});
