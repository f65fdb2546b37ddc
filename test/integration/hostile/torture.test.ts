import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { closing, FAULTS, utf8 } from './faulty-frames.ts';
import { type Neighbour, startNeighbour } from './neighbour.ts';
import { clientFrame } from './raw-frames.ts';
import { handshake, type RawPeer } from './raw-peer.ts';
import { endScenes, residentBytes, type Scene, startScene } from './scene.ts';
import { type SilentPeers, type SlowArrivals, startSilentPeers, startSlowArrivals } from './slow-peers.ts';

let scene: Scene;
let neighbour: Neighbour;
let slow: SlowArrivals;
let silent: SilentPeers;

endScenes();
beforeAll(async () => {
  scene = await startScene({
    environment: {
      FLOTILLA_LIMIT_HEARTBEAT_MS: '1000',
      FLOTILLA_LIMIT_HEARTBEAT_TIMEOUT_MS: '6000',
      FLOTILLA_LIMIT_HELLO_TIMEOUT_MS: '700',
      FLOTILLA_LIMIT_SLOW_READER_MS: '4000',
      FLOTILLA_LIMIT_QUEUE_BYTES: '131072',
    },
  });
  neighbour = await startNeighbour(scene);
  slow = await startSlowArrivals(scene);
  silent = await startSilentPeers(scene);
});
afterAll(() => slow.stop());

/** Closes its side and waits until the shard has closed its own. */
async function leave(peer: RawPeer): Promise<void> {
  peer.socket.end();
  await peer.ended();
}

describe.each(['plain', 'v1'] as const)('a frame of %s', (protocol) => {
  it.each(FAULTS)('%s is told its close code at once', async (_what, bytes, code, reason) => {
    const peer = await scene.served('mallory', { protocol });
    const startedAtMs = performance.now();
    peer.write(bytes());
    await peer.until(() => peer.close !== null);
    expect(performance.now() - startedAtMs).toBeLessThan(5_000);
    expect(peer.close?.code).toBe(code);
    expect(peer.close?.reason.startsWith(reason)).toBe(true);
    if (code === 4409) expect(peer.close?.reason).toMatch(/ retry-after-ms=\d+$/u);
    if (protocol === 'v1') expect(JSON.parse(peer.texts.at(-1) ?? '')).toMatchObject({ type: 'bye', code, reason });
    await leave(peer);
  });
});

describe('what RFC 6455 allows, however odd', () => {
  it('is read: a message in a thousand fragments, with control frames between them', async () => {
    const peer = await scene.served('odd', { protocol: 'v1' });
    const bytes = [...utf8(JSON.stringify({ type: 'ping', pad: 'é'.repeat(480) }))];
    const parts = bytes.map((byte, index) => clientFrame(index === 0 ? 0x01 : 0x00, Buffer.from([byte])));
    for (let n = 0; n < 50; n++) parts.splice(n * 15 + 1, 0, clientFrame(0x89, utf8(`p${n}`)), clientFrame(0x8a));
    peer.write(Buffer.concat([...parts, clientFrame(0x80)]));
    await peer.until(() => peer.texts.includes('{"type":"pong"}'));
    expect(peer.frames.filter(({ opcode }) => opcode === 10).map(({ payload }) => payload.toString())).toEqual(
      Array.from({ length: 50 }, (_, n) => `p${n}`),
    );
    await leave(peer);
  });

  it('is read: the first frame in the packet of the handshake, in two halves', async () => {
    const peer = await scene.raw();
    const token = await scene.pod.token({ sub: 'hasty' });
    const bytes = Buffer.concat([
      utf8(handshake({ path: `/ws?token=${token}`, headers: { 'Sec-WebSocket-Protocol': 'flotilla.v1' } })),
      clientFrame(0x81, utf8('{"type":"resume"}')),
    ]);
    peer.write(bytes.subarray(0, -9));
    peer.write(bytes.subarray(-9));
    await peer.until(() => peer.texts.some((text) => text.includes('"welcome"')));
    await leave(peer);
  });

  it('is passed over: what follows a close frame', async () => {
    const peer = await scene.served('late', { protocol: 'v1', grants: { upstream: true } });
    peer.write(Buffer.concat([closing(1000), clientFrame(0x83), clientFrame(0x81, utf8('{')), clientFrame(0x89)]));
    await peer.until(() => peer.close !== null);
    expect(peer.close?.code).toBe(1000);
    await leave(peer);
  });
});

describe('somebody who is only half there', () => {
  it('and closes his side before the handshake is answered, or after it, is closed on ours', async () => {
    const half = await scene.raw();
    half.write(handshake({}).slice(0, 40));
    half.socket.end();
    await half.ended();
    expect(half.status).toBe(400);
    const open = await scene.served('half');
    open.socket.end();
    await open.ended();
  });

  it('and never says his first frame: 4404', async () => {
    const token = await scene.pod.token({ sub: 'mute' });
    const peer = await scene.raw({ path: `/ws?token=${token}`, headers: { 'Sec-WebSocket-Protocol': 'flotilla.v1' } });
    await peer.until(() => peer.close !== null);
    expect(peer.close).toMatchObject({ code: 4404 });
  });
});

describe('a handshake whose list of subprotocols is none', () => {
  it.each(['a,,b', 'flotilla.v1,', 'flotilla.v1, flotilla.v1', 'a b'])('(%s) is 400 with a code', async (list) => {
    const path = `/ws?token=${await scene.pod.token({ sub: 'lister' })}`;
    const peer = await scene.raw({ path, headers: { 'Sec-WebSocket-Protocol': list } });
    await peer.ended();
    expect(peer.status).toBe(400);
    expect(JSON.parse(peer.answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ error: { code: 'bad_request' } });
  });
});

describe('three thousand handshakes at once', () => {
  it('are served, told when to come again, or answered 503, and all are over soon', async () => {
    const peers = await Promise.all(
      Array.from({ length: 3_000 }, () => scene.raw({ path: '/ws?token=x', isHasty: true })),
    );
    await Promise.all(peers.map((peer) => peer.until(() => peer.close !== null || peer.isOver, 20_000)));
    const outcomes = new Map<string, number>();
    for (const { status, close, socket } of peers) {
      const wait = / retry-after-ms=\d+$/u.test(close?.reason ?? '') ? ' with a wait' : '';
      const outcome = status === 101 ? `${close?.code}${wait}` : String(status);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
      socket.destroy();
    }
    expect([...outcomes.keys()].filter((outcome) => !['4401', '1013 with a wait', '503'].includes(outcome))).toEqual(
      [],
    );
    expect(outcomes.get('4401')).toBeGreaterThanOrEqual(200);
  });
});

describe('afterwards', () => {
  it.each(['plain', 'v1'] as const)('who has answered no ping of %s is closed: 4405', async (protocol) => {
    const peer = silent[protocol];
    await peer.until(() => peer.close !== null);
    expect(peer.close).toMatchObject({ code: 4405, reason: 'heartbeat_timeout' });
    expect(peer.frames.some(({ opcode }) => opcode === 9)).toBe(true);
    await leave(peer);
  });

  it('who has never read is closed: 4406, counted', async () => {
    await eventually(async () => expect(await scene.metric('closed_total{code="4406"}')).toBe(1));
    silent.deaf.socket.destroy();
  });

  it('handshakes that were never ended have got a 408, some 10 seconds after they began', async () => {
    for (const [name, peer] of slow.peers) {
      await peer.ended(20_000);
      expect(peer.status).toBe(408);
      expect(JSON.parse(peer.answer.split('\r\n\r\n')[1] ?? '')).toMatchObject({ error: { code: 'bad_request' } });
      expect(slow.overAtMs.get(name)).toBeGreaterThan(9_000);
      expect(slow.overAtMs.get(name)).toBeLessThan(20_000);
    }
  });

  it('nothing is left of them: no connection, no descriptor, no memory', async () => {
    const { pod, metric, descriptors } = scene;
    const open = async (): Promise<number> =>
      (await metric('connections{protocol="plain"}')) + (await metric('connections{protocol="v1"}'));
    await eventually(async () => expect(await open()).toBe(1));
    await round();
    const [filesBefore, bytesBefore] = [await descriptors(), await residentBytes(pod.pid)];
    for (let n = 0; n < 10; n++) await round();
    await eventually(async () => expect(await open()).toBe(1));
    await eventually(async () => expect(await descriptors()).toBeLessThanOrEqual(filesBefore + 3));
    expect(await residentBytes(pod.pid)).toBeLessThan(bytesBefore + 48 * 1_048_576);
  });

  it('the shard lives, and its other client has missed nothing and waited for nothing', async () => {
    const { came, sent, longestMs } = await neighbour.end();
    expect(came).toEqual(Array.from({ length: sent }, (_, n) => n));
    expect(longestMs).toBeLessThan(10_000);
    expect(scene.pod.log().filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  });
});

/** Forty connections that end badly. */
async function round(): Promise<void> {
  await Promise.all(
    Array.from({ length: 40 }, async (_, n) => {
      const peer = await scene.served(`m${n % 4}`, { protocol: n % 2 === 0 ? 'plain' : 'v1' });
      const fault = FAULTS[n % (FAULTS.length - 2)];
      peer.write(fault?.[1]() ?? '');
      await peer.until(() => peer.close !== null);
      peer.socket.destroy();
    }),
  );
}
