import { afterEach, describe, expect, it } from '@jest/globals';
import type { ConnectOptions } from '@flotilla-im/sdk';
import { io, type Socket } from 'socket.io-client';
import { type Pods, startPods, until, untilAsync } from './pods.ts';

const BIG = 'x'.repeat(30_000);
const COUNT = 600;
const ALL = [...Array(COUNT).keys()];

interface Gap {
  readonly channel?: string;
  readonly reason?: string;
  /** Messages that were heard before it. */
  readonly behind: number;
}

/** A client of any transport that reads when the test says so. */
interface Reader {
  pause(): void;
  resume(): void;
  /** Numbers of the channel's messages, in the order of their arrival. */
  readonly heard: readonly number[];
  /** As the client was told. */
  readonly gaps: readonly Gap[];
  readonly closed: Promise<{ readonly code: number }>;
}

type Connect = (pods: Pods, options: ConnectOptions) => Promise<Reader>;

const numberOf = (data: unknown): number => (data as { n: number }).n;

const v1: Connect = async (pods, options) => {
  const peer = await pods.welcomed('slow', options);
  return {
    pause: () => peer.ws.pause(),
    resume: () => peer.ws.resume(),
    closed: peer.closed,
    get heard() {
      return peer.data('prices').map(numberOf);
    },
    get gaps() {
      return peer.frames.flatMap((frame, at) =>
        frame.type === 'gap'
          ? [{ ...frame, behind: peer.frames.slice(0, at).filter(({ type }) => type === 'message').length }]
          : [],
      );
    },
  };
};

const plain: Connect = async (pods, options) => {
  const peer = await pods.plain('slow', options);
  await Promise.all([peer.opened, pods.served('slow')]);
  const numbers: number[] = [];
  return {
    pause: () => peer.ws.pause(),
    resume: () => peer.ws.resume(),
    closed: peer.closed,
    gaps: [],
    get heard() {
      // Each is parsed once, however often it is asked: together they are many megabytes.
      for (const text of peer.texts.slice(numbers.length)) numbers.push(numberOf(JSON.parse(text)));
      return numbers;
    },
  };
};

const sockets: Socket[] = [];

const socketIo: Connect = async (pods, options) => {
  const { socketIo: address, token } = await pods.im.connectInfo('slow', options);
  const socket = io(address.url, { path: address.path, auth: { token }, transports: ['websocket'], forceNew: true });
  sockets.push(socket);
  const heard: number[] = [];
  const gaps: Gap[] = [];
  socket.on('message', (data: unknown) => heard.push(numberOf(data)));
  socket.on('gap', (gap: Omit<Gap, 'behind'>) => gaps.push({ ...gap, behind: heard.length }));
  const bye = new Promise<{ code: number }>((resolve) => socket.once('bye', resolve));
  await new Promise((resolve) => socket.once('welcome', resolve));
  const raw = (socket.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } }).ws;
  return { pause: () => raw._socket.pause(), resume: () => raw._socket.resume(), heard, gaps, closed: bye };
};

async function metric(pods: Pods, name: string): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${pods.pods[0]?.port ?? 0}/metrics`)).text();
  return Number(new RegExp(`^flotilla_im_${name} (\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN);
}

describe.each<[string, Connect]>([
  ['flotilla.v1', v1],
  ['plain', plain],
  ['Socket.IO', socketIo],
])('a slow reader over %s', (transport, connect) => {
  let pods: Pods;
  let toldToBusiness: Promise<unknown>;
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.disconnect();
    await pods.close();
  });

  /** It stops reading while much is published, which a healthy reader gets; then it goes on until it has the last message. */
  async function stall(slowReader: ConnectOptions['slowReader']) {
    pods = await startPods({
      logs: { maxBytes: 64_000_000 },
      limits: { queueBytes: 131_072, slowReaderMs: 60_000, heartbeatTimeoutMs: 120_000 },
    });
    toldToBusiness = firstGap(pods).catch(() => null);
    await pods.im.channels.join('prices', ['slow', 'fast']);
    const slow = await connect(pods, { slowReader });
    const fast = await pods.welcomed('fast');
    slow.pause();
    for (const n of ALL) await pods.im.channels.publish('prices', { from: null, data: { n, BIG } });
    await until(() => fast.data('prices').length === COUNT);
    expect(fast.data('prices').map(numberOf)).toEqual(ALL);
    expect(await metric(pods, 'queued_bytes')).toBeLessThan(1_000_000);
    slow.resume();
    await until(() => slow.heard.at(-1) === COUNT - 1);
    expect(await metric(pods, 'slow_reader_closes_total')).toBe(0);
    expect(await metric(pods, 'connections{protocol="v1"}')).toBe(transport === 'flotilla.v1' ? 2 : 1);
    return slow;
  }

  it('gets everything where nothing else is said', async () => {
    const { heard, gaps } = await stall(undefined);
    expect(heard).toEqual(ALL);
    expect(gaps).toEqual([]);
  });

  it('with drop-oldest goes on with the newest, in order, and every hole is told', async () => {
    const { heard, gaps } = await stall({ channels: 'drop-oldest' });
    const holes = holesOf(heard);
    expect(heard).toEqual([...new Set(heard)].sort((a, b) => a - b));
    expect(holes.length).toBeGreaterThan(0);
    expect(await metric(pods, 'slow_reader_dropped_total')).toBe(COUNT - heard.length);
    if (transport === 'plain') {
      expect(await toldToBusiness).toMatchObject({ clientId: 'slow', channel: 'prices', reason: 'slow' });
    } else {
      expect(gaps.map(({ behind }) => behind)).toEqual(expect.arrayContaining(holes));
      expect(gaps[0]).toMatchObject({ channel: 'prices', reason: 'slow' });
    }
  });

  it('with latest gets the newest message of the channel, and is told of no loss', async () => {
    const { heard, gaps } = await stall({ channels: { prices: 'latest' } });
    expect(heard).toEqual([...new Set(heard)].sort((a, b) => a - b));
    expect(heard.length).toBeLessThan(COUNT);
    expect(gaps).toEqual([]);
    expect(await metric(pods, 'slow_reader_superseded_total')).toBe(COUNT - heard.length);
    expect(await metric(pods, 'slow_reader_dropped_total')).toBe(0);
  });

  it.each(['disconnect', 'drop-oldest', 'latest'] as const)(
    'that takes nothing at all is closed with %s',
    async (policy) => {
      pods = await startPods({ limits: { queueBytes: 131_072, slowReaderMs: 1_000, heartbeatTimeoutMs: 120_000 } });
      await pods.im.channels.join('prices', ['slow']);
      const slow = await connect(pods, { slowReader: { channels: policy } });
      slow.pause();
      // What is skipped fills no buffer of the network: it takes more until nothing is taken any more.
      await untilAsync(async () => {
        for (let n = 0; n < 20; n++) await pods.im.channels.publish('prices', { from: null, data: { n, BIG } });
        return (await metric(pods, 'slow_reader_closes_total')) === 1;
      }, 100_000);
      slow.resume();
      expect((await slow.closed).code).toBe(4406);
    },
  );
});

/** The first gap that the business is told of; null when the pods are closed before. */
async function firstGap(pods: Pods): Promise<unknown> {
  for await (const event of pods.im.presence.events({ gaps: true })) if (event.type === 'gap') return event;
  return null;
}

/** How many messages were heard before each place where some are missing. */
function holesOf(heard: readonly number[]): number[] {
  return heard.flatMap((n, i) => (n === (heard[i - 1] ?? -1) + 1 ? [] : [i]));
}
