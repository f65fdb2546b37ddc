import { describe, expect, it } from '@jest/globals';
import { HealthMonitor } from './health.ts';

function setup() {
  const probes: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const ping = () => new Promise<void>((resolve, reject) => probes.push({ resolve, reject }));
  const monitor = new HealthMonitor({ ping, intervalMs: 1 });
  const nextProbe = async () => {
    while (probes.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    const probe = probes.shift();
    if (probe === undefined) throw new Error('no probe');
    return probe;
  };
  return { monitor, nextProbe };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the health of a store', () => {
  it('is lost with one failure and comes back only when every node answered a probe', async () => {
    const { monitor, nextProbe } = setup();
    expect(monitor.current.isHealthy).toBe(true);
    monitor.reportFailure();
    const { sinceMs } = monitor.current;
    expect(monitor.current.isHealthy).toBe(false);
    (await nextProbe()).reject(new Error('still away'));
    await settled();
    expect(monitor.current).toEqual({ isHealthy: false, sinceMs });
    (await nextProbe()).resolve();
    await settled();
    expect(monitor.current.isHealthy).toBe(true);
    expect(monitor.current.sinceMs).toBeGreaterThanOrEqual(sinceMs);
    monitor.close();
  });

  it('does not come back by a probe that began before the newest failure', async () => {
    const { monitor, nextProbe } = setup();
    monitor.reportFailure();
    const probe = await nextProbe();
    monitor.reportFailure();
    probe.resolve();
    await settled();
    expect(monitor.current.isHealthy).toBe(false);
    (await nextProbe()).resolve();
    await settled();
    expect(monitor.current.isHealthy).toBe(true);
    monitor.close();
  });
});
