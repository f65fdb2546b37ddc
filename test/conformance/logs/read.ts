import { describe, expect, it } from '@jest/globals';
import { LOG_START, type Position } from '@flotilla-im/protocol';
import type { Store } from '@flotilla-im/store';
import type { Backend } from '../backends.ts';
import type { Suite } from '../suite.ts';
import { append, inbox, startOf } from '../given.ts';

const alice = inbox('alice');

async function setup(backend: Backend, count: number, data = '1') {
  const store = await backend.createStore();
  for (let i = 0; i < count; i++) await append(store, alice, { data });
  const { generations } = await store.logs.meta(alice);
  const at = (offset: number): Position => ({ generation: generations[0]?.generation ?? '0', offset });
  return { store, at };
}

async function offsets(store: Store, after: Position | null, options?: { limit?: number; maxBytes?: number }) {
  return (await store.logs.read(alice, after, options)).entries.map(({ offset }) => offset);
}

/** Whoever brings a position gets exactly what came after it, or is told. */
export const readSuite: Suite = (backend) => {
  describe('a read', () => {
    it('gives what came after a position, in order', async () => {
      const { store, at } = await setup(backend(), 5);
      expect(await offsets(store, at(2))).toEqual([3, 4, 5]);
      expect(await offsets(store, at(5))).toEqual([]);
    });

    it('gives all from the start of a log, and from null', async () => {
      const { store } = await setup(backend(), 2);
      const slice = await store.logs.read(alice, LOG_START);
      expect(slice).toMatchObject({ start: await startOf(store, alice), recovered: true });
      expect(slice.entries.map(({ offset }) => offset)).toEqual([1, 2]);
      expect(await offsets(store, null)).toEqual([1, 2]);
    });

    it('of a log that never had a message is empty and complete', async () => {
      const store = await backend().createStore();
      const start = await startOf(store, alice);
      const meta = { generations: [], last: 0, head: 1, life: start.generation };
      const empty = { meta, entries: [], start, recovered: true };
      expect(await store.logs.read(alice, null)).toEqual(empty);
      expect(await store.logs.read(alice, LOG_START)).toEqual(empty);
      expect(await store.logs.read(alice, start)).toEqual(empty);
    });

    it('gives a page at a time, from which the next one follows', async () => {
      const { store, at } = await setup(backend(), 50);
      expect(await offsets(store, at(10), { limit: 3 })).toEqual([11, 12, 13]);
      expect(await offsets(store, at(13), { limit: 100 })).toEqual(Array.from({ length: 37 }, (_, i) => 14 + i));
    });

    it('bounds a page by bytes, and gives at least one entry', async () => {
      const { store, at } = await setup(backend(), 40, `"${'x'.repeat(1000)}"`);
      expect(await offsets(store, at(0), { maxBytes: 1 })).toEqual([1]);
      const page = await offsets(store, at(0), { maxBytes: 20_000 });
      expect(page.length).toBeGreaterThanOrEqual(17);
      expect(page.length).toBeLessThanOrEqual(20);
    });

    it('says so when a position is above the tail, and gives what there is', async () => {
      const { store, at } = await setup(backend(), 3);
      const slice = await store.logs.read(alice, at(57));
      expect(slice.recovered).toBe(false);
      expect(slice.start.offset).toBeLessThanOrEqual(3);
    });

    it('says so when the generation is unknown, and gives all that is retained', async () => {
      const { store } = await setup(backend(), 3);
      const slice = await store.logs.read(alice, { generation: 'ffffffffffff', offset: 2 });
      expect(slice).toMatchObject({ recovered: false, start: await startOf(store, alice) });
      expect(slice.entries.map(({ offset }) => offset)).toEqual([1, 2, 3]);
    });

    it('says so when the position is the start of a log in another life of its partition, also where there is nothing', async () => {
      const { store } = await setup(backend(), 1);
      const other = { generation: 'ffffffffffff', offset: 0 };
      for (const log of [alice, inbox('nobody')]) {
        expect(await store.logs.read(log, await startOf(store, log))).toMatchObject({ recovered: true });
        const slice = await store.logs.read(log, other);
        expect(slice).toMatchObject({ recovered: false, start: await startOf(store, log) });
      }
    });

    it('names the generation and the last offset of the log', async () => {
      const { store, at } = await setup(backend(), 3);
      const { generation: life } = await startOf(store, alice);
      const expected = { generations: [{ generation: at(0).generation, first: 1 }], last: 3, head: 1, life };
      expect(await store.logs.meta(alice)).toEqual(expected);
      expect((await store.logs.read(alice, at(3))).meta).toEqual(expected);
    });
  });
};
