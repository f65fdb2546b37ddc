import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { channelOfCall, createCallId } from '../../../services/demo/src/calls/call-id.ts';
import type {
  AnsweredData,
  CallBegun,
  CallData,
  EndedData,
  ListedChannel,
  RingData,
} from '../../../services/demo/src/words.ts';
import { eventually } from '../../support/eventually.ts';
import { type DemoHarness, type OpenPage, startTestDemo } from './demo-harness.ts';

const iceServers = [{ urls: 'turn:turn.example.org:3478', username: 'demo', credential: 'secret' }];

let harness: DemoHarness;
let people = 0;
beforeAll(async () => {
  harness = await startTestDemo({ iceServers }, 'redis');
});
afterAll(() => harness.close());

/** Something random, as a page makes it. */
const random = (): string => Array.from({ length: 32 }, () => Math.floor(Math.random() * 16).toString(16)).join('');

/** Somebody with so many pages, each a device of its own. */
async function person(pages = 1) {
  const visitor = await harness.signIn(`Person ${(people += 1)}`);
  const opened = await Promise.all(Array.from({ length: pages }, () => visitor.open()));
  const dial = (other: { readonly name: string }, given: object = {}) =>
    visitor.post('/api/calls/dial', { to: other.name, device: random(), key: random(), video: true, ...given });
  return {
    ...visitor,
    pages: opened,
    dial,
    /** Dials, which must succeed; gives the call's id. */
    call: async (other: { readonly name: string }): Promise<string> => {
      const { status, body } = await dial(other);
      expect({ status, body }).toMatchObject({ status: 200 });
      return (body as CallBegun).call;
    },
    answer: (call: string, outcome: string, device = random()) =>
      visitor.post('/api/calls/answer', { call, device, outcome, video: true }),
    hangUp: (call: string, reason = 'hung_up') => visitor.post('/api/calls/hang-up', { call, reason }),
  };
}

function heard<Type extends CallData['type']>(
  page: OpenPage | undefined,
  type: Type,
): Extract<CallData, { type: Type }>[] {
  const isIt = (data: CallData): data is Extract<CallData, { type: Type }> => data.type === type;
  // Here nothing else has a type.
  return (page?.messages ?? []).map(({ data }) => data as CallData).filter(isIt);
}

const rings = (page: OpenPage | undefined): RingData[] => heard(page, 'ring');
const answers = (page: OpenPage | undefined): AnsweredData[] => heard(page, 'answered');
const ends = (page: OpenPage | undefined): EndedData[] => heard(page, 'ended');

async function isOnline(name: string): Promise<boolean | undefined> {
  return (await harness.pods.im.presence.online([name]))[0];
}

/** The two of a call are no more in it. */
async function isFree(call: string): Promise<void> {
  await eventually(async () => expect(await harness.pods.im.channels.count(channelOfCall(call))).toBe(0));
}

/** What a request for a call is refused with. */
const refused = (status: number, code: string) => ({ status, body: { code } });

describe('dialling', () => {
  test('rings once at each page of who is called, whatever is repeated, and no list shows the call', async () => {
    const [anna, bob] = [await person(), await person(2)];
    const [device, key] = [random(), random()];
    const first = await anna.dial(bob, { device, key });
    expect(first).toMatchObject({ status: 200, body: { iceServers } });
    const { call } = first.body as CallBegun;
    expect((await anna.dial(bob, { device, key })).body).toMatchObject({ call });
    for (const page of bob.pages) {
      await eventually(() => expect(rings(page)).toEqual([expect.objectContaining({ call, from: anna.name, device })]));
    }
    const { channels } = await anna.get<{ channels: ListedChannel[] }>('/api/channels');
    expect(channels.map(({ channel }) => channel)).not.toContainEqual(expect.stringContaining(call));
    await anna.hangUp(call);
    expect(rings(bob.pages[0])).toHaveLength(1);
  });

  test('rings at a page that is opened later, as long as the caller says so', async () => {
    const [anna, bob] = [await person(), await person()];
    const call = await anna.call(bob);
    const later = await bob.open();
    const again = { call, device: random(), video: true };
    expect((await anna.post('/api/calls/ring', again)).status).toBe(204);
    await eventually(() =>
      expect(later.said).toContainEqual(expect.objectContaining({ kind: 'call', type: 'ring', call })),
    );
    await anna.hangUp(call);
    expect(await anna.post('/api/calls/ring', again)).toMatchObject(refused(404, 'call_over'));
  });

  test('is told at once that somebody was never here, said goodbye, or dropped', async () => {
    const [anna, bob] = [await person(), await person()];
    expect(await anna.dial({ name: 'Nobody at all' })).toMatchObject(refused(409, 'never_connected'));
    await bob.pages[0]?.close();
    await eventually(async () => expect(await isOnline(bob.name)).toBe(false));
    expect(await anna.dial(bob)).toMatchObject(refused(409, 'never_connected'));
    const name = 'Person who drops';
    const isMarked = () => harness.pods.im.channels.isMember('demo\ndropped', name);
    (await harness.pods.welcomed(name)).ws.terminate();
    await eventually(async () => expect([await isOnline(name), await isMarked()]).toEqual([false, true]));
    expect(await anna.dial({ name })).toMatchObject(refused(409, 'dropped'));
    // Who came back and said goodbye this time is not here, and nothing more.
    const back = await harness.pods.welcomed(name);
    await eventually(async () => expect(await isMarked()).toBe(false));
    back.ws.close(1000);
    await eventually(async () => expect(await isOnline(name)).toBe(false));
    expect(await anna.dial({ name })).toMatchObject(refused(409, 'never_connected'));
  });

  test('whose last page was closed is not here, whatever became of its connection', async () => {
    const [anna, bob] = [await person(), await person(0)];
    const { ws } = await harness.pods.welcomed(bob.name);
    expect((await bob.post('/api/calls/goodbye', {})).status).toBe(204);
    ws.terminate();
    await eventually(async () => expect(await isOnline(bob.name)).toBe(false));
    expect(await anna.dial(bob)).toMatchObject(refused(409, 'never_connected'));
  });

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
      expect(begun).toMatchObject({ status: 200, body: { call, crossed: { video: true }, iceServers } });
    }
    await eventually(() => expect(answers(anna.pages[0])).toEqual([expect.objectContaining({ call, by: bob.name })]));
    expect(await bob.dial(anna)).toMatchObject(refused(409, 'in_call'));
    expect(await anna.dial(bob)).toMatchObject(refused(409, 'busy'));
    expect(rings(anna.pages[0])).toEqual([]);
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

describe('answering', () => {
  test('of two devices that accept at once exactly one does, and the others stop ringing', async () => {
    const [anna, bob] = [await person(), await person(2)];
    const call = await anna.call(bob);
    const devices = [random(), random()];
    const outcomes = await Promise.all(devices.map((device) => bob.answer(call, 'accepted', device)));
    const won = outcomes.findIndex(({ status }) => status === 200);
    expect(outcomes[1 - won]).toMatchObject(refused(409, 'already_answered'));
    expect(outcomes[won]).toMatchObject({ body: { call, iceServers } });
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

describe('who goes away', () => {
  test('without a goodbye is told to have dropped, and the other one is free', async () => {
    const [anna, carol] = [await person(), await person()];
    const peer = await harness.pods.welcomed('Person without goodbye');
    const call = await anna.call({ name: 'Person without goodbye' });
    peer.ws.terminate();
    const end = { kind: 'call', type: 'ended', call, by: 'Person without goodbye', reason: 'dropped' };
    await eventually(() => expect(ends(anna.pages[0])).toEqual([end]));
    await isFree(call);
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
    await isFree(call);
    expect((await anna.post('/api/calls/sign', { call })).status).toBe(404);
  });

  test('while no service runs is told when one does', async () => {
    const anna = await person();
    const peer = await harness.pods.welcomed('Person who goes unseen');
    const call = await anna.call({ name: 'Person who goes unseen' });
    await harness.restart(async () => {
      peer.ws.terminate();
      await eventually(async () => expect(await isOnline('Person who goes unseen')).toBe(false));
    });
    await eventually(() => expect(ends(anna.pages[0])).toEqual([expect.objectContaining({ call, reason: 'dropped' })]));
  });
});
