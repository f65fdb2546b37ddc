import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { type CallsHarness, ends, heard, random, refused, startCalls } from './call-people.ts';

let harness: CallsHarness;
let person: CallsHarness['person'];
beforeAll(async () => {
  harness = await startCalls();
  ({ person } = harness);
});
afterAll(() => harness.close());

describe('signals', () => {
  const signal = (call: string, content: object, given: object = {}) => ({
    call,
    device: random(),
    to: random(),
    key: random(),
    signal: content,
    ...given,
  });
  const offer = (length: number) => ({ description: { type: 'offer', sdp: 'v'.repeat(length) } });

  test('reach the other one in order, each once', async () => {
    const [anna, bob] = [await person(), await person()];
    const call = await anna.call(bob);
    const said = [
      offer(32_768),
      ...Array.from({ length: 5 }, (_, n) => ({ candidates: [{ candidate: `candidate:${n}`, sdpMid: '0' }] })),
    ];
    for (const content of said) {
      const body = signal(call, content);
      for (const _ of [1, 2]) expect((await anna.post('/api/calls/signal', body)).status).toBe(204);
    }
    await eventually(() => expect(heard(bob.pages[0], 'signal').map((each) => each.signal)).toEqual(said));
    expect(heard(anna.pages[0], 'signal')).toEqual([]);
  });

  test.each([
    ['a description that is too long', offer(32_769), 400],
    ['a body that is far too long', offer(60_000), 413],
    ['too many addresses', { candidates: Array.from({ length: 33 }, () => ({ candidate: 'candidate:1' })) }, 400],
    ['an address that is too long', { candidates: [{ candidate: 'c'.repeat(1_025) }] }, 400],
    ['something else', { script: 'x' }, 400],
    ['nothing', {}, 400],
    ['two at once', { ...offer(1), restart: true }, 400],
  ])('are refused with %s', async (_, content, status) => {
    const [anna, bob] = [await person(), await person()];
    const call = await anna.call(bob);
    expect((await anna.post('/api/calls/signal', signal(call, content))).status).toBe(status);
    expect(heard(bob.pages[0], 'signal')).toEqual([]);
  });

  test('are for the two of a call that goes on', async () => {
    const [anna, bob, mallory] = [await person(), await person(), await person()];
    const call = await anna.call(bob);
    for (const path of ['signal', 'sign', 'ring', 'hang-up']) {
      const more = { signal: signal(call, offer(1)), sign: { call }, ring: { call, device: random(), video: true } };
      const body = path in more ? more[path as keyof typeof more] : { call, reason: 'hung_up' };
      const { status } = await mallory.post(`/api/calls/${path}`, body);
      expect([path, status]).toEqual([path, path === 'hang-up' ? 204 : 404]);
    }
    expect([ends(bob.pages[0]), heard(bob.pages[0], 'signal')]).toEqual([[], []]);
    await bob.hangUp(call);
    expect(await anna.post('/api/calls/signal', signal(call, offer(1)))).toMatchObject(refused(404, 'call_over'));
    expect(await anna.post('/api/calls/sign', { call: '$broadcast' })).toMatchObject({ status: 400 });
  });
});
