import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Limits } from '../../../services/im/src/config/limits.ts';
import { inTime } from '../../support/in-time.ts';
import { type Pods, startPods, until } from './pods.ts';

describe('a flotilla.v1 session', () => {
  let pods: Pods;
  beforeEach(async () => {
    pods = await startPods();
  });
  afterEach(() => pods.close());

  /** With limits that are too short for anything else on a slow machine. */
  async function restart(limits: Partial<Limits>): Promise<void> {
    await pods.close();
    pods = await startPods({ limits });
  }

  it('is welcomed, gets what waited, and then what comes', async () => {
    await pods.im.send({ from: 'bob', to: 'alice', data: 1 });
    const alice = await pods.welcomed('alice');
    await pods.im.send({ from: 'bob', to: 'alice', data: { n: 2 } });
    await until(() => alice.data().length === 2);
    expect(alice.data()).toEqual([1, { n: 2 }]);
    expect(alice.frames[0]).toMatchObject({
      type: 'welcome',
      clientId: 'alice',
      shard: 0,
      inbox: { position: expect.stringMatching(/^[0-9a-f]{12}\.0$/), recovered: true },
      channels: { $broadcast: { recovered: true } },
    });
  });

  it('resumes after the position it brings', async () => {
    const first = await pods.welcomed('alice');
    for (const data of [1, 2, 3]) await pods.im.send({ from: 'bob', to: 'alice', data });
    await until(() => first.data().length === 3);
    const inbox = first.of('message')[1]?.position;
    first.ws.close();
    const second = await pods.welcomed('alice', {}, { inbox });
    await until(() => second.data().length === 1);
    expect(second.data()).toEqual([3]);
    expect(second.of('welcome')[0]?.inbox).toEqual({ position: inbox, recovered: true });
  });

  it.each(['aaaaaaaaaaaa.1', 'future'])('is told that nothing can be recovered from %s', async (kind) => {
    await pods.im.send({ from: 'bob', to: 'alice', data: 1 });
    const first = await pods.welcomed('alice');
    await until(() => first.data().length === 1);
    const inbox = kind === 'future' ? `${first.position()?.split('.')[0] ?? ''}.99` : kind;
    const second = await pods.welcomed('alice', {}, { inbox });
    expect(second.of('welcome')[0]?.inbox.recovered).toBe(false);
    await pods.im.send({ from: 'bob', to: 'alice', data: 2 });
    await until(() => second.data().at(-1) === 2);
  });

  it('goes on where it acknowledged, when it brings no position', async () => {
    const first = await pods.welcomed('alice');
    for (const data of [1, 2]) await pods.im.send({ from: 'bob', to: 'alice', data });
    await until(() => first.data().length === 2);
    await first.say({ type: 'ack', inbox: first.of('message')[0]?.position });
    first.ws.close();
    await first.closed;
    const second = await pods.welcomed('alice');
    await until(() => second.data().length === 1);
    expect(second.data()).toEqual([2]);
  });

  it('closes with 4504 for an acknowledgement of what was never given out', async () => {
    const alice = await pods.welcomed('alice');
    await alice.say({ type: 'ack', inbox: 'aaaaaaaaaaaa.7' });
    expect((await alice.closed).code).toBe(4504);
    expect(alice.of('bye')).toMatchObject([{ code: 4504, reason: 'bad_position' }]);
  });

  it('closes with 4404 when the first word does not come', async () => {
    await restart({ helloTimeoutMs: 300 });
    const alice = await pods.v1('alice');
    expect((await alice.closed).code).toBe(4404);
    expect(alice.of('bye')).toMatchObject([{ code: 4404, reason: 'hello_timeout' }]);
  });

  it('answers pings, and closes with 4405 when nothing comes any more, not even pongs', async () => {
    await restart({ heartbeatMs: 700, heartbeatTimeoutMs: 4_000 });
    const alice = await pods.v1('alice', {}, false);
    await alice.say({ type: 'resume' }, { type: 'ping' });
    await until(() => alice.of('pong').length === 1);
    expect((await alice.closed).code).toBe(4405);
    expect(alice.pings).toBe(1);
  });

  it('goes on with a client that says nothing but whose network stack answers pings, as that of a hidden tab does', async () => {
    await restart({ heartbeatMs: 300, heartbeatTimeoutMs: 3_000 });
    const alice = await pods.welcomed('alice');
    const welcomedMs = performance.now();
    await until(() => performance.now() - welcomedMs > 4_000);
    expect(alice.pings).toBeGreaterThan(0);
    await pods.im.send({ from: 'bob', to: 'alice', data: 1 });
    await until(() => alice.data().length === 1);
    expect(alice.ws.readyState).toBe(alice.ws.OPEN);
  });

  it('needs no WebSocket pings while the client speaks', async () => {
    await restart({ heartbeatMs: 2_000, heartbeatTimeoutMs: 20_000 });
    const alice = await pods.welcomed('alice');
    const pingedMs: number[] = [];
    alice.ws.on('ping', () => pingedMs.push(performance.now()));
    const welcomedMs = performance.now();
    const silencesMs: { from: number; to: number }[] = [];
    for (let pongs = 1, saidMs = welcomedMs; saidMs - welcomedMs < 5_000; pongs++) {
      await alice.say({ type: 'ping' });
      await until(() => alice.of('pong').length === pongs);
      await new Promise((resolve) => setTimeout(resolve, 20));
      const nowMs = performance.now();
      // Where the machine stood still the client did not speak.
      if (nowMs - saidMs > 1_000) silencesMs.push({ from: saidMs, to: nowMs + 1_000 });
      saidMs = nowMs;
    }
    expect(pingedMs.filter((atMs) => !silencesMs.some(({ from, to }) => from <= atMs && atMs <= to))).toEqual([]);
  });

  it.each([
    ['no JSON', 4504],
    ['[]', 4504],
    ['{"type":"dance"}', 4504],
    ['{"type":"resume","inbox":"x"}', 4504],
  ])('closes for %s with %d', async (text, code) => {
    const alice = await pods.welcomed('alice');
    alice.ws.send(text);
    expect((await alice.closed).code).toBe(code);
  });

  it('closes for binary frames with 4504, and for frames that are no UTF-8 with 1007', async () => {
    const alice = await pods.welcomed('alice');
    alice.ws.send(Buffer.from('{"type":"ping"}'));
    expect((await alice.closed).code).toBe(4504);
    const bob = await pods.welcomed('bob');
    bob.ws.send(Buffer.from([0xff, 0xfe]), { binary: false });
    expect((await bob.closed).code).toBe(1007);
  });

  it('closes for a frame that is too long with 1009', async () => {
    const alice = await pods.welcomed('alice');
    alice.ws.send('x'.repeat(200_000));
    expect((await alice.closed).code).toBe(1009);
  });

  it('closes for frames that come too fast with 4409', async () => {
    const alice = await pods.welcomed('alice');
    // So many that a stall amid them does not make them slow enough.
    await alice.say(...Array.from({ length: 2_000 }, () => ({ type: 'ping' })));
    expect((await alice.closed).code).toBe(4409);
  });

  it('takes a token once', async () => {
    const url = await pods.address('alice');
    const { V1Peer } = await import('./v1-peer.ts');
    const [first, second] = [new V1Peer(url), new V1Peer(url)];
    await first.say({ type: 'resume' });
    await until(() => first.of('welcome').length === 1);
    await second.say({ type: 'resume' });
    expect((await second.closed).code).toBe(4402);
    first.ws.terminate();
  });

  it('ends at the end of the session with 4502', async () => {
    const lifeMs = 2_000;
    const alice = await inTime(lifeMs, () => pods.welcomed('alice', { sessionExpiresAt: Date.now() + lifeMs }));
    expect((await alice.closed).code).toBe(4502);
  });
});
