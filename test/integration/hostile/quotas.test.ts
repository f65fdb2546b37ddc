import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { clientFrame } from './raw-frames.ts';
import type { RawPeer } from './raw-peer.ts';
import { endScenes, type Scene, startScene } from './scene.ts';

let scene: Scene;
let other: RawPeer;

endScenes();
beforeAll(async () => {
  scene = await startScene({
    environment: {
      FLOTILLA_TRUSTED_PROXIES: 'loopback',
      FLOTILLA_LIMIT_CONNECTIONS_PER_CLIENT: '3',
      FLOTILLA_LIMIT_CONNECTIONS_PER_ADDRESS: '5',
      FLOTILLA_LIMIT_CHANNELS_PER_CLIENT: '2',
      FLOTILLA_LIMIT_FRAMES_PER_SECOND: '50',
      FLOTILLA_LIMIT_FRAME_BURST: '320',
    },
  });
  other = await from('203.0.113.9', 'other');
});

/** A client that is let in, by the address that the proxy heard. */
function from(
  address: string,
  clientId: string,
  protocol: 'plain' | 'v1' = 'plain',
  grants: object = {},
): Promise<RawPeer> {
  return scene.served(clientId, { protocol, grants, headers: { 'X-Forwarded-For': address } });
}

async function refused(address: string, clientId: string): Promise<{ code: number; reason: string } | null> {
  const peer = await from(address, clientId);
  await peer.until(() => peer.close !== null);
  peer.socket.destroy();
  return peer.close;
}

/** Whoever has used nothing up is served as before. */
async function expectOtherIsServed(): Promise<void> {
  const before = other.texts.length;
  await scene.flotilla.send({ from: null, to: 'other', data: before });
  await other.until(() => other.texts.length > before, 3_000);
}

/** Whether a client is served, by a message that comes. */
async function expectServed(address: string, clientId: string): Promise<void> {
  const peer = await from(address, clientId);
  try {
    await scene.flotilla.send({ from: null, to: clientId, data: 'served' });
    await peer.until(() => peer.texts.includes('"served"') || peer.close !== null);
    expect(peer.close).toBeNull();
  } finally {
    peer.socket.destroy();
  }
}

const TOO_MANY = { code: 4408, reason: expect.stringMatching(/^too_many_connections.* retry-after-ms=\d+$/u) };

describe('a quota that is used up', () => {
  it('of connections of a client: 4408 with a wait, whatever its address; served again once one has gone', async () => {
    const three = await Promise.all(['1', '2', '3'].map((n) => from(`198.51.100.${n}`, 'many')));
    await eventually(async () => expect(await scene.flotilla.presence.connections('many')).toHaveLength(3));
    expect(await refused('198.51.100.4', 'many')).toMatchObject(TOO_MANY);
    await expectOtherIsServed();
    three[0]?.socket.destroy();
    await eventually(() => expectServed('198.51.100.4', 'many'));
    for (const peer of three) peer.socket.destroy();
  });

  it('of connections of an address: 4408 with a wait, whoever it is; another address is served, and this one again later', async () => {
    const five = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => from('198.51.100.7', `of-address-${id}`)));
    expect(await refused('198.51.100.7', 'of-address-f')).toMatchObject(TOO_MANY);
    await expectServed('198.51.100.8', 'of-address-f');
    await expectOtherIsServed();
    five[0]?.socket.destroy();
    await eventually(() => expectServed('198.51.100.7', 'of-address-f'));
    for (const peer of five) peer.socket.destroy();
  });

  it.each([
    ['of frames', 'x'],
    ['of bytes, by long frames', 'x'.repeat(30_000)],
  ])(
    '%s of a connection: 4409 with a wait; its other connection stays, and it may come again at once',
    async (_what, text) => {
      const [calm, wild] = [await from('198.51.100.20', 'flood'), await from('198.51.100.21', 'flood')];
      for (let n = 0; n < 4_000 && wild.close === null; n++) {
        wild.text(text);
        if (n % 400 === 399) await sleep(1);
      }
      await wild.until(() => wild.close !== null);
      expect(wild.close).toMatchObject({
        code: 4409,
        reason: expect.stringMatching(/^rate_limited.* retry-after-ms=\d+$/u),
      });
      wild.socket.destroy();
      await expectOtherIsServed();
      expect(calm.close).toBeNull();
      await expectServed('198.51.100.21', 'flood');
      calm.socket.destroy();
    },
  );

  it('of channels of a client: busy, until it has left one', async () => {
    const peer = await from('198.51.100.30', 'joiner', 'v1', { subscribe: true });
    const ask = async (type: string, channel: string): Promise<unknown> => {
      const id = `${type}-${channel}-${peer.texts.length}`;
      peer.text(JSON.stringify({ type, id, channel }));
      await peer.until(() => peer.texts.some((text) => text.includes(`"re":"${id}"`)));
      const reply = JSON.parse(peer.texts.find((text) => text.includes(`"re":"${id}"`)) ?? '') as Record<
        string,
        unknown
      >;
      return reply['code'] ?? reply['ok'];
    };
    expect([await ask('subscribe', 'a'), await ask('subscribe', 'b')]).toEqual([true, true]);
    await peer.until(() => peer.texts.filter((text) => text.includes('"joined"')).length === 2);
    expect(await ask('subscribe', 'c')).toBe('busy');
    expect(await ask('unsubscribe', 'a')).toBe(true);
    await eventually(async () => expect(await ask('subscribe', 'c')).toBe(true));
    peer.socket.destroy();
  });

  it('of requests that wait: no more is read until the store answers, then each has its answer, in order', async () => {
    const peer = await from('198.51.100.31', 'asker', 'v1', { upstream: true });
    scene.redis.pause();
    const ids = Array.from({ length: 300 }, (_, n) => `r${n}`);
    for (const [n, id] of ids.entries()) {
      peer.text(request(id));
      if (n % 20 === 0) await sleep(10);
    }
    scene.redis.resume();
    await peer.until(() => answers(peer).length === ids.length || peer.close !== null);
    expect(peer.close).toBeNull();
    expect(answers(peer)).toEqual(ids);
    peer.socket.destroy();
    await expectOtherIsServed();
  });

  it('of requests that wait, all in one packet: 1013 with a wait, and the client may come again', async () => {
    const peer = await from('198.51.100.32', 'asker', 'v1', { upstream: true });
    scene.redis.pause();
    peer.write(Buffer.concat(Array.from({ length: 300 }, (_, n) => clientFrame(0x81, Buffer.from(request(`s${n}`))))));
    await peer.until(() => peer.close !== null);
    expect(peer.close).toMatchObject({ code: 1013, reason: expect.stringMatching(/^busy: .* retry-after-ms=\d+$/u) });
    scene.redis.resume();
    peer.socket.destroy();
    await eventually(() => expectServed('198.51.100.32', 'asker'));
  });
});

function request(id: string): string {
  return JSON.stringify({ type: 'upstream', id, data: 1 });
}

/** Ids of the requests that were answered with success, in the order of their answers. */
function answers({ texts }: RawPeer): unknown[] {
  const replies = texts.filter((text) => text.includes('"reply"')).map((text) => JSON.parse(text) as object);
  return replies.flatMap((reply) => ('re' in reply && 'ok' in reply && reply.ok === true ? [reply.re] : []));
}

/** A client that is let in or told to come again. */
async function arrival({ pod, raw }: Scene): Promise<RawPeer> {
  const headers = { 'Sec-WebSocket-Protocol': 'flotilla.v1' };
  const peer = await raw({ path: `/ws?token=${await pod.token({ sub: 'late' })}`, headers });
  peer.text('{"type":"resume"}');
  await peer.until(() => peer.close !== null || peer.texts.some((text) => text.includes('"welcome"')));
  return peer;
}

describe('a pace that is used up', () => {
  it('tells the excess when to come again, and who does come then is served; open connections notice nothing', async () => {
    const paced = await startScene({
      beside: scene,
      environment: { FLOTILLA_SHARD: '1', FLOTILLA_LIMIT_HANDSHAKES_PER_SECOND: '2' },
    });
    const early = await paced.served('early');
    const startedMs = performance.now();
    const peers: RawPeer[] = [];
    const told = (): readonly RawPeer[] => peers.filter(({ close }) => close !== null);
    while (told().length < 6) peers.push(...(await Promise.all(Array.from({ length: 8 }, () => arrival(paced)))));
    const elapsedSeconds = (performance.now() - startedMs) / 1_000;
    expect(peers.length - told().length).toBeLessThanOrEqual(1 + 2 * elapsedSeconds);
    const waits = told().map(({ close }) => {
      const [, wait] = /^overloaded.* retry-after-ms=(\d+)$/u.exec(close?.reason ?? '') ?? [];
      return Number(wait);
    });
    expect(Math.max(...waits)).toBeLessThan(6_000);
    await scene.flotilla.send({ from: null, to: 'early', data: 1 });
    await early.until(() => early.texts.length === 1);
    await sleep(Math.max(...waits));
    const again = await paced.served('late');
    await scene.flotilla.send({ from: null, to: 'late', data: 'served' });
    await again.until(() => again.texts.includes('"served"') || again.close !== null);
    expect(again.close).toBeNull();
  });

  it('of one address takes nothing from others, and that address is served again later', async () => {
    const environment = {
      FLOTILLA_SHARD: '2',
      FLOTILLA_TRUSTED_PROXIES: 'loopback',
      FLOTILLA_LIMIT_HANDSHAKES_PER_ADDRESS: '2',
      FLOTILLA_LIMIT_HANDSHAKES_PER_SECOND: '100',
    };
    const { raw, served } = await startScene({ beside: scene, environment });
    const headers = { 'X-Forwarded-For': '198.51.100.40' };
    const storm = await Promise.all(Array.from({ length: 60 }, () => raw({ path: '/ws?token=x', headers })));
    await Promise.all(storm.map((peer) => peer.until(() => peer.close !== null || peer.isOver)));
    const told = storm.filter(({ close }) => close?.code === 4409).map(({ close }) => close?.reason);
    expect(told.length).toBeGreaterThanOrEqual(9);
    for (const reason of told) expect(reason).toMatch(/^rate_limited.* retry-after-ms=\d+$/u);
    expect(new Set(storm.map(({ status, close }) => close?.code ?? status))).toEqual(new Set([4401, 4409, 503]));
    for (let n = 0; n < 5; n++) {
      const peer = await served(`else-${n}`, {
        protocol: 'v1',
        headers: { 'X-Forwarded-For': `198.51.100.${50 + n}` },
      });
      expect(peer.close).toBeNull();
    }
    await sleep(1_000);
    expect((await served('again', { protocol: 'v1', headers })).close).toBeNull();
  });
});
