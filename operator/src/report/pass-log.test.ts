import { describe, expect, test } from '@jest/globals';
import { pino } from 'pino';
import type { PassReport } from '../act/reconcile.ts';
import { createScene, servingShards } from '../testing/scene.ts';
import { createPassLog } from './pass-log.ts';

function setup() {
  const lines: { msg: string }[] = [];
  const logger = pino(
    { level: 'info' },
    { write: (line: string) => void lines.push(JSON.parse(line) as { msg: string }) },
  );
  const scene = createScene();
  scene.see(servingShards(3));
  const quiet: PassReport = {
    map: scene.map(),
    written: null,
    mirrored: null,
    desired: 3,
    frozen: null,
    waiting: [],
    storeFailure: null,
    fleetFailure: null,
  };
  return { log: createPassLog(logger), quiet, lines, messages: () => lines.map(({ msg }) => msg) };
}

describe('the operator’s log', () => {
  test('is silent while nothing changes', () => {
    const { log, quiet, messages } = setup();
    log.passed(quiet, 0);
    log.passed(quiet, 0);
    expect(messages()).toEqual([]);
  });

  test('tells of a map with what it moved', () => {
    const { log, quiet, lines } = setup();
    log.passed({ ...quiet, written: { before: null, how: 'authority' }, mirrored: 'published' }, 0);
    expect(lines).toEqual([
      expect.objectContaining({
        msg: 'shard map published',
        epoch: 1,
        shards: [0, 1, 2],
        moved: 0,
        lent: 0,
        returned: 0,
      }),
    ]);
  });

  test('tells when a state begins and when it ends, not that it lasts', () => {
    const { log, quiet, messages } = setup();
    const away = { ...quiet, frozen: 'store_unreachable', storeFailure: new Error('gone') } as const;
    for (const report of [away, away, away, quiet]) log.passed(report, 0);
    expect(messages()).toEqual(['store unreachable, the map stays', 'store reachable again']);
  });

  test('tells that half look away when it lasts, and not while a cluster starts', () => {
    const { log, quiet, messages } = setup();
    const half = { ...quiet, frozen: 'half_away' } as const;
    for (const nowMs of [0, 4_000]) log.passed(half, nowMs);
    log.passed(quiet, 4_500);
    expect(messages()).toEqual([]);
    for (const nowMs of [10_000, 15_000, 16_000]) log.passed(half, nowMs);
    log.passed(quiet, 17_000);
    expect(messages()).toEqual([
      'half or more shards look away, nothing is lent on suspicion',
      'most shards are heard again',
    ]);
  });

  test('tells once that a shard that crashed repeatedly has to wait', () => {
    const { log, quiet, lines } = setup();
    const waiting = { ...quiet, waiting: [{ shard: 1, crashes: 3, waitMs: 10_000 }] };
    for (const nowMs of [0, 250]) log.passed(waiting, nowMs);
    expect(lines).toEqual([
      expect.objectContaining({ msg: 'shard is back, its slots come home after a wait', shard: 1, waitMs: 10_000 }),
    ]);
  });

  test('tells the same failure once', () => {
    const { log, quiet, messages } = setup();
    log.failed(new Error('no file'), 1);
    log.failed(new Error('no file'), 2);
    log.passed(quiet, 0);
    expect(messages()).toEqual(['reconciliation failed, the map stays', 'reconciling again']);
  });
});
