import { describe, expect, it, jest } from '@jest/globals';
import type { Figures } from './figures.ts';
import { METRICS, METRIC_PREFIX } from './metric-table.ts';
import { createMetrics } from './metrics.ts';

function setup() {
  const totals = {
    delivered: 0,
    deliveredLive: 0,
    droppedLive: 0,
    slowCatchUps: 0,
    slowCloses: 0,
    slowDropped: 0,
    slowSuperseded: 0,
    notifies: 0,
    gapFills: 0,
    unreadable: 0,
    rereads: 0,
    storeLosses: 0,
  };
  const levels = jest.fn<Figures['levels']>(() => ({
    connections: { plain: 3, v1: 2, socketio: 1 },
    guests: 1,
    slotsOwned: 4096,
    epoch: 7,
    queuedBytes: 12,
    conditions: { started: true, delivery: false },
  }));
  const figures: Figures = { totals: () => totals, levels };
  const metrics = createMetrics(false);
  metrics.watch(figures);
  return { metrics, totals, levels };
}

describe('the metrics of a shard', () => {
  it('are those of the table, no more and no fewer', async () => {
    const { metrics } = setup();
    const text = await metrics.text();
    metrics.close();
    const names = [...text.matchAll(/^# TYPE (\S+)/gmu)].map(([, name]) => name);
    expect(names.sort()).toEqual(
      Object.keys(METRICS)
        .map((name) => METRIC_PREFIX + name)
        .sort(),
    );
  });

  it('tell of the process what costs the same with ten thousand connections', async () => {
    const metrics = createMetrics(true);
    const text = await metrics.text();
    metrics.close();
    expect(text).toContain('process_resident_memory_bytes');
    expect(text).toContain('nodejs_gc_duration_seconds');
    expect(text).not.toMatch(/nodejs_active_|process_open_fds/u);
  });

  it('look at the connections once a scrape', async () => {
    const { metrics, levels } = setup();
    await metrics.text();
    metrics.close();
    expect(levels).toHaveBeenCalledTimes(1);
  });

  it('tell the totals as they are at the scrape', async () => {
    const { metrics, totals } = setup();
    totals.delivered = 5;
    expect(await metrics.text()).toContain('\nflotilla_im_delivered_total 5\n');
    totals.delivered = 9;
    const text = await metrics.text();
    metrics.close();
    expect(text).toContain('\nflotilla_im_delivered_total 9\n');
    expect(text).toContain('flotilla_im_connections{protocol="v1"} 2');
    expect(text).toContain('flotilla_im_ready{condition="delivery"} 0');
  });

  it('count refusals and closes by their codes', async () => {
    const { metrics } = setup();
    metrics.refused('token_used');
    metrics.refused('token_used');
    metrics.closed(1006);
    const text = await metrics.text();
    metrics.close();
    expect(text).toContain('flotilla_im_refused_total{code="token_used"} 2');
    expect(text).toContain('flotilla_im_closed_total{code="1006"} 1');
  });

  it('of two shards in one process do not meet', async () => {
    const one = setup();
    const two = setup();
    one.totals.notifies = 1;
    two.totals.notifies = 2;
    expect(await one.metrics.text()).toContain('notifies_total 1\n');
    expect(await two.metrics.text()).toContain('notifies_total 2\n');
    one.metrics.close();
    two.metrics.close();
  });
});
