import { afterEach, describe, expect, it } from '@jest/globals';
import { type Pods, startPods, until, untilAsync } from './pods.ts';

const BIG = 'x'.repeat(30_000);

async function metric(pods: Pods, name: string): Promise<number> {
  const port = pods.pods[0]?.port ?? 0;
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  return Number(new RegExp(`^flotilla_im_${name} (\\d+)`, 'm').exec(text)?.[1] ?? Number.NaN);
}

describe('a slow reader', () => {
  let pods: Pods;
  const start = async (slowReaderMs: number): Promise<void> => {
    pods = await startPods({
      logs: { maxBytes: 64_000_000 },
      limits: { queueBytes: 131_072, slowReaderMs, heartbeatTimeoutMs: 120_000 },
    });
  };
  afterEach(() => pods.close());

  it('hurts nobody else, and gets everything in order once it reads again', async () => {
    await start(60_000);
    const [slow, fast] = [await pods.welcomed('slow'), await pods.welcomed('fast')];
    await pods.im.channels.join('news', ['slow', 'fast']);
    await until(() => slow.of('joined').length === 1 && fast.of('joined').length === 1);
    slow.ws.pause();
    for (let n = 0; n < 600; n++) await pods.im.channels.publish('news', { from: null, data: { n, BIG } });
    await until(() => fast.data('news').length === 600);
    expect(await metric(pods, 'slow_reader_catch_ups_total')).toBeGreaterThan(0);
    expect(await metric(pods, 'queued_bytes')).toBeLessThan(2_000_000);
    slow.ws.resume();
    await until(() => slow.data('news').length === 600);
    expect(slow.data('news').map((data) => (data as { n: number }).n)).toEqual([...Array(600).keys()]);
  });

  it('misses live messages, which are counted', async () => {
    await start(60_000);
    const slow = await pods.welcomed('slow');
    slow.ws.pause();
    for (let n = 0; n < 600; n++) await pods.im.send({ from: null, to: 'slow', data: { n, BIG } });
    await pods.im.send({ from: null, to: 'slow', data: 'typing', live: true });
    await untilAsync(async () => (await metric(pods, 'live_dropped_total')) === 1);
    slow.ws.resume();
    await until(() => slow.data().length === 600);
    expect(slow.of('live')).toEqual([]);
  });

  it('that is plain, when it is cut, gets little again of what it has read', async () => {
    await start(1_000);
    for (let n = 0; n < 600; n++) await pods.im.send({ from: null, to: 'slow', data: { n, BIG } });
    const slow = await pods.plain('slow');
    slow.ws.on('message', () => {
      if (slow.texts.length === 100) slow.ws.pause();
    });
    await untilAsync(async () => (await metric(pods, 'slow_reader_closes_total')) === 1);
    const again = await pods.plain('slow');
    await until(() => again.texts.length > 0);
    const { n } = JSON.parse(again.texts[0] ?? '') as { n: number };
    expect(n).toBeLessThanOrEqual(100);
    expect(n).toBeGreaterThanOrEqual(80);
  });

  it('is closed with 4406 when it takes nothing at all', async () => {
    await start(1_000);
    const slow = await pods.welcomed('slow');
    slow.ws.pause();
    for (let n = 0; n < 600; n++) await pods.im.send({ from: null, to: 'slow', data: { n, BIG } });
    await untilAsync(async () => (await metric(pods, 'slow_reader_closes_total')) === 1);
    slow.ws.resume();
    expect((await slow.closed).code).toBe(4406);
  });
});
