import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { type Echo, startEcho, type Talk, talkTo } from './echo.ts';
import type { Behaviour, Link } from './link.ts';
import { type Proxy, startProxy } from './start-proxy.ts';

let proxy: Proxy;
let count = 0;
const closers: (() => void)[] = [];
beforeAll(() => void (proxy = startProxy()));
afterEach(() => closers.splice(0).forEach((close) => close()));
afterAll(() => proxy.close());

async function setup(speaks?: 'redis'): Promise<{ echo: Echo; link: Link; talk: () => Promise<Talk> }> {
  const echo = await startEcho(speaks === 'redis');
  const target = speaks === undefined ? { port: echo.port } : { port: echo.port, speaks };
  const link = await proxy.link(`link-${String(count++)}`, target);
  const talk = async (): Promise<Talk> => {
    const talking = await talkTo(link.port);
    closers.push(() => talking.socket.destroy());
    return talking;
  };
  closers.push(() => echo.close());
  return { echo, link, talk };
}

/** Sends so many random bytes in pieces, and resolves once they are back, in order; to how long that took. */
async function roundTrip({ socket, heard }: Talk, bytes: number, pieces = 10): Promise<number> {
  const before = heard().length;
  const sent = randomBytes(bytes);
  const begunMs = performance.now();
  const size = Math.ceil(bytes / pieces);
  for (let at = 0; at < bytes; at += size) socket.write(sent.subarray(at, at + size));
  await eventually(() => expect(heard().length).toBeGreaterThanOrEqual(before + bytes));
  expect(heard().subarray(before).equals(sent)).toBe(true);
  return performance.now() - begunMs;
}

/** Proves that nothing comes: an answer over another link, asked for later, is there first. */
async function aWhile(): Promise<void> {
  const { talk } = await setup();
  await roundTrip(await talk(), 100_000);
}

describe('a link', () => {
  test('carries megabytes both ways, whole and in order, and an orderly end', async () => {
    const { talk } = await setup();
    const talking = await talk();
    await roundTrip(talking, 5_000_000, 50);
    talking.socket.end();
    await eventually(() => expect(talking.ended()).toBe('end'));
  });

  test('tells who is refused by its target', async () => {
    const { echo, talk } = await setup();
    echo.close();
    const talking = await talk();
    await eventually(() => expect(talking.ended()).toBe('ECONNRESET'));
  });

  test('delays both ways, in order for all its jitter', async () => {
    const { link, talk } = await setup();
    const talking = await talk();
    await link.behave({ type: 'delay', ms: 60, jitterMs: 40 });
    expect(await roundTrip(talking, 50_000, 50)).toBeGreaterThanOrEqual(118);
    await link.behave({ type: 'pass' });
    await roundTrip(talking, 50_000, 50);
  });

  test('with loss stalls, and what was stalled comes in order', async () => {
    const { link, talk } = await setup();
    const talking = await talk();
    await link.behave({ type: 'loss', chance: 0.2 });
    expect(await roundTrip(talking, 60_000, 30)).toBeGreaterThanOrEqual(195);
    await link.behave({ type: 'pass' });
    await roundTrip(talking, 1_000);
  });

  test('in a partition holds everything, and delivers it afterwards, in order', async () => {
    const { echo, link, talk } = await setup();
    const before = await talk();
    await roundTrip(before, 1_000);
    await link.behave({ type: 'partition' });
    const behind = roundTrip(before, 3_000_000, 60);
    const later = await talk();
    const held = roundTrip(later, 1_000);
    await aWhile();
    expect([before.heard().length, later.heard().length, echo.reached(), echo.taken()]).toEqual([1_000, 0, 1_000, 1]);
    await link.behave({ type: 'pass' });
    await Promise.all([behind, held]);
    expect(echo.taken()).toBe(2);
  });

  test('in a partition tells nobody of an end before it is over', async () => {
    const { echo, link, talk } = await setup();
    const talking = await talk();
    await roundTrip(talking, 10);
    await link.behave({ type: 'partition' });
    echo.close();
    await aWhile();
    expect(talking.ended()).toBeNull();
    await link.behave({ type: 'pass' });
    await eventually(() => expect(talking.ended()).not.toBeNull());
  });

  test.each([
    ['to-server', 0],
    ['to-client', 1_000],
  ] as const)('half open, silent %s', async (silent, reached) => {
    const { echo, link, talk } = await setup();
    const talking = await talk();
    await link.behave({ type: 'half-open', silent });
    const held = roundTrip(talking, 1_000);
    await eventually(() => expect(echo.reached()).toBe(reached));
    await aWhile();
    expect([echo.reached(), talking.heard().length]).toEqual([reached, 0]);
    await link.behave({ type: 'pass' });
    await held;
  });

  test('refuses new connections with a reset, and open ones go on', async () => {
    const { link, talk } = await setup();
    const talking = await talk();
    // Connected is not taken: until then it would be one of the new ones.
    await roundTrip(talking, 1_000);
    await link.behave({ type: 'refuse' });
    const late = await talk();
    await eventually(() => expect(late.ended()).toBe('ECONNRESET'));
    await roundTrip(talking, 1_000);
    await link.behave({ type: 'pass' });
    await roundTrip(await talk(), 1_000);
  });

  test('throttles all its connections together', async () => {
    const { link, talk } = await setup();
    const both = [await talk(), await talk()];
    await link.behave({ type: 'throttle', bytesPerSecond: 100_000 });
    // 10,000 bytes each way on each of two: 200 ms there, and the way back ends later.
    const tookMs = await Promise.all(both.map((talking) => roundTrip(talking, 10_000)));
    expect(Math.max(...tookMs)).toBeGreaterThanOrEqual(195);
    await link.behave({ type: 'pass' });
    await roundTrip(both[0]!, 1_000_000);
  });

  test('resets every open connection, and new ones work', async () => {
    const { link, talk } = await setup();
    const talks = [await talk(), await talk(), await talk()];
    await Promise.all(talks.map((talking) => roundTrip(talking, 10)));
    expect(await link.reset()).toBe(3);
    await eventually(() => expect(talks.map(({ ended }) => ended())).toEqual(Array(3).fill('ECONNRESET')));
    await roundTrip(await talk(), 1_000);
  });

  test('reads no more than its other end takes', async () => {
    const { echo, talk } = await setup();
    const talking = await talk();
    await roundTrip(talking, 10);
    echo.setReading(false);
    talking.socket.write(Buffer.alloc(64 * 1_048_576));
    for (let before = Infinity, still = 0; still < 10;) {
      await aWhile();
      still = talking.socket.writableLength === before ? still + 1 : 0;
      before = talking.socket.writableLength;
    }
    expect(talking.socket.writableLength).toBeGreaterThan(32 * 1_048_576);
    echo.setReading(true);
    await eventually(() => expect(talking.socket.writableLength).toBe(0));
  });

  test('drops messages of Redis and nothing else', async () => {
    const { echo, link, talk } = await setup('redis');
    const confirmed = '*3\r\n$9\r\nsubscribe\r\n$1\r\na\r\n:1\r\n';
    const message = '*3\r\n$7\r\nmessage\r\n$1\r\na\r\n$2\r\nhi\r\n';
    const talking = await talk();
    await eventually(() => expect(echo.taken()).toBe(1));
    echo.say(Buffer.from(confirmed + message));
    await eventually(() => expect(talking.heard().toString()).toBe(confirmed + message));
    await link.behave({ type: 'drop-notifies', chance: 1 });
    echo.say(Buffer.from(`${message + message}+PONG\r\n`));
    await eventually(() => expect(talking.heard().toString()).toBe(`${confirmed + message}+PONG\r\n`));
    await link.behave({ type: 'pass' });
    echo.say(Buffer.from(message));
    await eventually(() => expect(talking.heard().toString()).toBe(`${confirmed + message}+PONG\r\n${message}`));
  });

  test.each<[string, (link: Link) => Promise<unknown>]>([
    [
      'drop notifies of what is not Redis',
      (link) => link.behave({ type: 'drop-notifies', chance: 1 } satisfies Behaviour),
    ],
    ['take a name that is taken', ({ name }) => proxy.link(name, { port: 1 })],
  ])('does not %s', async (_, ask) => {
    const { link } = await setup();
    await expect(ask(link)).rejects.toThrow(/notifies|already/u);
  });
});
