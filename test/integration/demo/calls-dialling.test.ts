import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { CallBegun, ListedChannel } from '../../../services/demo/src/words.ts';
import { eventually } from '../../support/eventually.ts';
import { type CallsHarness, ICE_SERVERS, random, refused, rings, startCalls } from './call-people.ts';

let harness: CallsHarness;
let person: CallsHarness['person'];
beforeAll(async () => {
  harness = await startCalls();
  ({ person } = harness);
});
afterAll(() => harness.close());

describe('dialling', () => {
  test('rings once at each page of who is called, whatever is repeated, and no list shows the call', async () => {
    const [anna, bob] = [await person(), await person(2)];
    const [device, key] = [random(), random()];
    const first = await anna.dial(bob, { device, key });
    expect(first).toMatchObject({ status: 200, body: { iceServers: ICE_SERVERS } });
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
    await eventually(async () => expect(await harness.isOnline(bob.name)).toBe(false));
    expect(await anna.dial(bob)).toMatchObject(refused(409, 'never_connected'));
    const name = 'Person who drops';
    const isMarked = () => harness.pods.im.channels.isMember('demo\ndropped', name);
    (await harness.pods.welcomed(name)).ws.terminate();
    await eventually(async () => expect([await harness.isOnline(name), await isMarked()]).toEqual([false, true]));
    expect(await anna.dial({ name })).toMatchObject(refused(409, 'dropped'));
    // Who came back and said goodbye this time is not here, and nothing more.
    const back = await harness.pods.welcomed(name);
    await eventually(async () => expect(await isMarked()).toBe(false));
    back.ws.close(1000);
    await eventually(async () => expect(await harness.isOnline(name)).toBe(false));
    expect(await anna.dial({ name })).toMatchObject(refused(409, 'never_connected'));
  });

  test('whose last page was closed is not here, whatever became of its connection', async () => {
    const [anna, bob] = [await person(), await person(0)];
    const { ws } = await harness.pods.welcomed(bob.name);
    expect((await bob.post('/api/calls/goodbye', {})).status).toBe(204);
    ws.terminate();
    await eventually(async () => expect(await harness.isOnline(bob.name)).toBe(false));
    expect(await anna.dial(bob)).toMatchObject(refused(409, 'never_connected'));
  });
});
