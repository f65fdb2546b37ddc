import { describe, expect, it } from '@jest/globals';
import type { ShardReport } from '@flotilla-im/store';
import { Persistence } from '../shard/persistence.ts';
import { Incarnation } from './incarnation.ts';

function setup() {
  const store = { answer: 'ok' as 'ok' | 'gone', isFull: false, registered: [] as string[], fails: 0 };
  const clock = { ms: 0 };
  const seen = { renewed: 0, ids: 0 };
  const incarnation = new Incarnation({
    shard: 1,
    leases: {
      register: (_shard, id) => {
        if (store.fails-- > 0) return Promise.reject(new Error('away'));
        store.registered.push(id);
        return Promise.resolve();
      },
      heartbeat: () => (store.isFull ? Promise.reject(new Error('takes no writes')) : Promise.resolve(store.answer)),
      release: () => Promise.resolve(),
    },
    persistence: new Persistence({
      setTimer: (run) => setImmediate(run),
      chance: () => 0,
      onFailure: () => undefined,
    }),
    report: () => ({}) as ShardReport,
    newId: () => `i${(seen.ids += 1)}`,
    nowMs: () => clock.ms,
    onRenewed: () => void (seen.renewed += 1),
  });
  return { incarnation, store, clock, seen };
}

describe('an incarnation', () => {
  it('is renewed when the store knows it no more, and whoever hears of it', async () => {
    const { incarnation, store, seen } = setup();
    await incarnation.register();
    store.answer = 'gone';
    store.fails = 3;
    await incarnation.beat();
    expect(await incarnation.under((id) => Promise.resolve(id === 'i1' ? 'fenced' : id))).toBe('i2');
    expect(incarnation.id).toBe('i2');
    expect(store.registered).toEqual(['i1', 'i2']);
    expect(seen.renewed).toBe(1);
  });

  it('repeats under the next one what was fenced, once', async () => {
    const { incarnation } = setup();
    const ids: string[] = [];
    const outcome = await incarnation.under((id) => {
      ids.push(id);
      return Promise.resolve('fenced' as const);
    });
    expect(ids).toEqual(['i1', 'i2']);
    expect(outcome).toBe('fenced');
  });

  it('is renewed once, however many were fenced', async () => {
    const { incarnation, seen } = setup();
    const task = (id: string) => Promise.resolve(id === 'i1' ? ('fenced' as const) : id);
    expect(await Promise.all([incarnation.under(task), incarnation.under(task)])).toEqual(['i2', 'i2']);
    expect(seen.renewed).toBe(1);
  });

  it('counts a heartbeat from when it was sent', async () => {
    const { incarnation, clock } = setup();
    clock.ms = 10;
    const beating = incarnation.beat();
    clock.ms = 900;
    await beating;
    expect(incarnation.beatAtMs).toBe(10);
  });

  it('knows when the store did not take its heartbeat', async () => {
    const { incarnation, store, clock } = setup();
    clock.ms = 10;
    await incarnation.beat();
    expect(incarnation.refusedAtMs).toBe(-Infinity);
    store.isFull = true;
    clock.ms = 510;
    await incarnation.beat();
    expect(incarnation.refusedAtMs).toBe(510);
  });

  it('is not renewed once it is given back, not even by a heartbeat under way', async () => {
    const { incarnation, store, seen } = setup();
    await incarnation.register();
    store.answer = 'gone';
    const beating = incarnation.beat();
    await incarnation.release(() => Promise.resolve());
    await beating;
    await incarnation.beat();
    expect(await incarnation.under(() => Promise.resolve('fenced'))).toBe('fenced');
    await new Promise(setImmediate);
    expect(store.registered).toEqual(['i1']);
    expect(seen.renewed).toBe(0);
  });
});
