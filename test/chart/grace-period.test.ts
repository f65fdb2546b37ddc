import { describe, expect, it } from '@jest/globals';
import { environmentOf } from './support/environment.ts';
import { containerOf, find, podOf, render, type Rendered, renderFault } from './support/render.ts';

const limits = { connectionsPerPod: 10_000, handshakesPerSecond: 1_000 };

async function shard(im: unknown): Promise<{ set: Rendered; drainMs: string | undefined }> {
  const set = find(await render({ values: { im } }), 'StatefulSet', 'chat-flotilla-im');
  return { set, drainMs: environmentOf(set)['FLOTILLA_LIMIT_DRAIN_MS'] };
}

describe('the grace period', () => {
  it('is refused when it is shorter than the preStop sleep and connections / pace', async () => {
    expect(await renderFault({ im: { limits, preStopSeconds: 5, terminationGracePeriodSeconds: 14 } })).toContain(
      'im.terminationGracePeriodSeconds is 14, but a pod may need 15: 5 for im.preStopSeconds, and 10 until its 10000 connections',
    );
  });

  it('is taken when it just covers them', async () => {
    const { set } = await shard({ limits, preStopSeconds: 5, terminationGracePeriodSeconds: 15 });
    expect(podOf(set)?.terminationGracePeriodSeconds).toBe(15);
  });

  it('counts with the default limits where none are given', async () => {
    expect(await renderFault({ im: { terminationGracePeriodSeconds: 54 } })).toContain('a pod may need 55');
  });

  it('leaves to the drain what the preStop sleep does not take, and a moment to end', async () => {
    expect((await shard({ preStopSeconds: 10, terminationGracePeriodSeconds: 100 })).drainMs).toBe('87000');
  });

  it('is refused when it does not cover a drain that was asked for', async () => {
    const fault = await renderFault({
      im: { limits: { ...limits, drainMs: 30_000 }, terminationGracePeriodSeconds: 30 },
    });
    expect(fault).toContain('shorter than im.preStopSeconds and im.limits.drainMs together');
  });

  it('begins with a sleep that needs no shell', async () => {
    const { set } = await shard({ preStopSeconds: 4 });
    expect(containerOf(set)).toMatchObject({
      lifecycle: { preStop: { sleep: { seconds: 4 } } },
    });
  });
});
