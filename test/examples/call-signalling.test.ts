import { afterEach, expect, test } from '@jest/globals';
import type { ConnectInfo } from '@flotilla-im/sdk';
import { freePort } from '../integration/redis-harness.ts';
import type { PodsOptions } from '../integration/im-core/pods.ts';
import { eventually } from '../support/eventually.ts';
import { type BarePage, openPage } from './bare-page.ts';
import { startExampleScene } from './example-process.ts';

const NEVER = { type: 'dialing_response', ok: false, msg: '对方未建立链接', data: { sponsorUserId: null } };
const DROPPED = { ...NEVER, msg: '对方意外断开连接' };
const BUSY = { ...NEVER, msg: '对方正在通话' };

let closing: () => Promise<void>;
afterEach(() => closing());

async function setup(options: PodsOptions = {}) {
  const scene = await startExampleScene(options);
  const pages: BarePage[] = [];
  closing = async () => {
    for (const page of pages) page.vanish();
    await scene.close();
  };
  const PORT = String(await freePort());
  const ask = (headers: Record<string, string>) => fetch(`http://127.0.0.1:${PORT}/WsService`, { headers });
  /** Everybody who asks for an address from now on gets this shard's: the service has heard of it. */
  const sendTo = async (owner: number, away: number[] = []): Promise<void> => {
    await scene.publish({ owner, away });
    await eventually(async () => {
      const answer = await ask({ 'x-forwarded-user': 'probe' });
      expect(((await answer.json()) as ConnectInfo).shard).toBe(owner);
    });
  };
  const open = async (clientId: string) => {
    const page = await openPage(async () => {
      const answer = await ask({ 'x-forwarded-user': clientId });
      return (await answer.json()) as ConnectInfo;
    });
    pages.push(page);
    const say = (frame: object) => page.say(JSON.stringify(frame));
    await say({ type: 'create_connect', sponsorUserId: clientId });
    return Object.assign(page, {
      send: say,
      dial: (other: string) =>
        say({
          type: 'dialing',
          sponsorUserId: clientId,
          sponsorUserName: clientId.toUpperCase(),
          receiverUserId: other,
        }),
      hears: (frame: object) => eventually(() => expect(page.frames()).toContainEqual(frame)),
    });
  };
  const service = scene.run('call-signalling/main.ts', { PORT });
  await service.line(/^listening$/);
  return { scene, service, ask, open, sendTo };
}

/** What a page hears of another's frame. */
function said(type: string, sponsorUserId: string, more: object = {}) {
  const data = { sponsorUserId, sponsorUserName: '', field1: '', field2: '', field3: '', ...more };
  return { type, ok: true, msg: '', data };
}
const called = (by: string, more: object = {}) => said('called', by, { sponsorUserName: by.toUpperCase(), ...more });

test('a page rings with the very frame, and answers with a dialing of its own in the other direction', async () => {
  const { open } = await setup();
  const [alice, bob] = [await open('alice'), await open('bob')];
  await alice.dial('bob');
  await bob.hears(called('alice'));
  await bob.dial('alice');
  await alice.hears(called('bob'));
  expect([alice.texts.length, bob.texts.length]).toEqual([1, 1]);
});

test('the caller hears at once who was never connected, who dropped and who said goodbye', async () => {
  const { scene, open } = await setup();
  const [alice, bob] = [await open('alice'), await open('bob')];
  await alice.dial('nobody');
  await alice.hears(NEVER);
  bob.vanish();
  await eventually(async () => expect(await scene.im.presence.online(['bob'])).toEqual([false]));
  await eventually(async () => {
    await alice.dial('bob');
    expect(alice.frames()).toContainEqual(DROPPED);
  });
  const again = await open('bob');
  await again.leave();
  const heard = alice.texts.length;
  await eventually(async () => {
    await alice.dial('bob');
    expect(alice.frames().slice(heard)).toContainEqual(NEVER);
  });
});

test('who calls says the token, whatever the frame claims; without somebody signed in there is no token', async () => {
  const { ask, open } = await setup();
  const [mallory, bob] = [await open('mallory'), await open('bob')];
  await mallory.send({ type: 'create_connect', sponsorUserId: 'alice' });
  const claim = { sponsorUserId: 'alice', sponsorUserName: 'ALICE', receiverUserId: 'bob' };
  await mallory.send({ type: 'dialing', ...claim });
  await bob.hears(said('called', 'mallory', { sponsorUserName: 'ALICE' }));
  expect((await ask({})).status).toBe(401);
});

test('frames far above 4 KB arrive; one that no message can carry is answered, and the socket goes on', async () => {
  const { open } = await setup();
  const [alice, bob] = [await open('alice'), await open('bob')];
  const dialing = { type: 'dialing', sponsorUserName: 'ALICE', receiverUserId: 'bob' };
  const field1 = 'v'.repeat(60_000);
  await alice.send({ ...dialing, field1 });
  await bob.hears(called('alice', { field1 }));
  await alice.send({ ...dialing, field1: 'v'.repeat(70_000) });
  await alice.hears({ ...NEVER, msg: '消息无法处理' });
  await alice.send({ ...dialing, field2: 'after it' });
  await bob.hears(called('alice', { field2: 'after it' }));
  expect(alice.closes).toEqual([]);
});

test.each(['no JSON', 'null', '{"type":"dialing","receiverUserId":""}', '{"type":"unheard of"}'])(
  'what cannot be done is answered and ends no socket: %s',
  async (text) => {
    const { open } = await setup();
    const alice = await open('alice');
    await alice.say(text);
    await alice.hears({ ...NEVER, msg: '消息无法处理' });
    await alice.dial('bob');
    await alice.hears(NEVER);
    expect(alice.closes).toEqual([]);
  },
);

test('accept, refuse, hang up and busy: both hear, other devices too, and only who is in a call', async () => {
  const { open } = await setup();
  const [alice, bob, carol] = [await open('alice'), await open('bob'), await open('carol')];
  const otherDevice = await open('bob');
  await alice.dial('bob');
  await bob.hears(called('alice'));
  await carol.dial('bob');
  await carol.hears(BUSY);
  await bob.send({ type: 'accept', receiverUserId: 'alice', field1: 'answer' });
  for (const page of [alice, otherDevice]) await page.hears(said('accepted', 'bob', { field1: 'answer' }));
  await carol.send({ type: 'hang_up', receiverUserId: 'bob' });
  await carol.hears({ ...NEVER, msg: '通话已结束' });
  await alice.send({ type: 'hang_up', receiverUserId: 'bob' });
  await bob.hears(said('hung_up', 'alice'));
  await carol.dial('bob');
  await bob.hears(called('carol'));
  await bob.send({ type: 'refuse', receiverUserId: 'carol' });
  await carol.hears(said('refused', 'bob'));
  await alice.dial('bob');
  await eventually(() => expect(bob.frames().filter(({ type }) => type === 'called')).toHaveLength(3));
});

test('of many that dial somebody at once, one rings at most, and the others hear that it is busy', async () => {
  const { open } = await setup();
  const bob = await open('bob');
  const callers = await Promise.all(Array.from({ length: 6 }, (_, i) => open(`caller-${i}`)));
  await Promise.all(callers.map((caller) => caller.dial('bob')));
  const rings = () => bob.frames().length;
  await eventually(() => {
    const refused = callers.filter(({ texts }) => texts.length > 0).length;
    expect(rings() + refused).toBe(callers.length);
  });
  expect(rings()).toBeLessThanOrEqual(1);
});

test('a shard that drains while the other page rings: it comes back by another shard, and the call goes on', async () => {
  const { scene, open, sendTo } = await setup({ limits: { reconnectGraceMs: 30_000 } });
  await sendTo(0);
  const [alice, bob] = [await open('alice'), await open('bob')];
  await alice.dial('bob');
  await bob.hears(called('alice'));
  const draining = scene.pods[0]!.drain();
  await sendTo(1, [0]);
  await draining;
  await bob.send({ type: 'accept', receiverUserId: 'alice' });
  await alice.hears(said('accepted', 'bob'));
  for (const { closes } of [alice, bob]) expect(new Set(closes)).toEqual(new Set([1012]));
});

test('a shard that is killed before the other page could ring: it rings when it is back', async () => {
  const limits = { reconnectGraceMs: 30_000, leaseMs: 1_000, leaseHeartbeatMs: 100 };
  const { scene, open, sendTo } = await setup({ limits });
  await sendTo(0);
  const bob = await open('bob');
  await sendTo(1);
  const alice = await open('alice');
  await scene.pods[0]!.kill();
  await alice.dial('bob');
  await bob.hears(called('alice'));
  await alice.send({ type: 'hang_up', receiverUserId: 'bob' });
  for (const page of [alice, bob]) await page.hears(said('hung_up', 'alice'));
  expect(alice.texts).toHaveLength(1);
});

test('who drops while it rings, and stays away: the caller hears it, and it rings no more on return', async () => {
  const { open } = await setup();
  const [alice, bob] = [await open('alice'), await open('bob')];
  await alice.dial('bob');
  await bob.hears(called('alice'));
  bob.vanish();
  await alice.hears(DROPPED);
  const again = await open('bob');
  await again.hears(said('hung_up', 'bob'));
  await alice.dial('bob');
  await eventually(() => expect(again.frames().at(-1)).toEqual(called('alice')));
});

test('a process that ends hands its callers to the other one, in the midst of calls', async () => {
  const { service, scene, open } = await setup();
  const second = scene.run('call-signalling/main.ts', { PORT: String(await freePort()) });
  await second.line(/^listening$/);
  const callers = await Promise.all(Array.from({ length: 8 }, (_, i) => open(`caller-${i}`)));
  const receivers = await Promise.all(Array.from({ length: 8 }, (_, i) => open(`called-${i}`)));
  await Promise.all(callers.map((caller, i) => caller.dial(`called-${i}`)));
  service.kill();
  await Promise.all(receivers.map((page, i) => page.hears(called(`caller-${i}`))));
  await Promise.all(receivers.map((page, i) => page.send({ type: 'accept', receiverUserId: `caller-${i}` })));
  await Promise.all(callers.map((page, i) => page.hears(said('accepted', `called-${i}`))));
  expect(callers.flatMap(({ texts }) => texts)).toHaveLength(8);
});
