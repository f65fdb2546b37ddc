import { describe, expect, it } from '@jest/globals';
import { LOG_START } from '@flotilla-im/protocol';
import type { LogLimits, Store } from '@flotilla-im/store';
import { eventually } from '../../support/eventually.ts';
import { inTime } from '../../support/in-time.ts';
import type { Backend } from '../backends.ts';
import type { Suite } from '../suite.ts';
import { append, inbox, startOf } from '../given.ts';

const alice = inbox('alice');

async function setup(backend: Backend, logs: Partial<LogLimits>) {
  const store = await backend.createStore({ logs });
  const fill = async (count: number, data = '1') => {
    for (let i = 0; i < count; i++) await append(store, alice, { data });
  };
  return { store, fill };
}

async function retained(store: Store) {
  return (await store.logs.read(alice, null, { limit: 1_000 })).entries.map(({ offset }) => offset);
}

function emptied(store: Store): Promise<void> {
  return eventually(async () => expect(await retained(store)).toEqual([]));
}

/** A log keeps what its bounds allow, forgets the oldest first, and never claims to have what it forgot. */
export const boundsSuite: Suite = (backend) => {
  describe('a log', () => {
    it('keeps at most so many entries', async () => {
      const { store, fill } = await setup(backend(), { maxCount: 5 });
      await fill(12);
      expect(await retained(store)).toEqual([8, 9, 10, 11, 12]);
      expect(await store.logs.meta(alice)).toMatchObject({ last: 12, head: 8 });
    });

    it('keeps at most so many bytes, but always the newest entry', async () => {
      const { store, fill } = await setup(backend(), { maxBytes: 2_000 });
      await fill(10, `"${'x'.repeat(400)}"`);
      const kept = await retained(store);
      expect(kept.length).toBeGreaterThanOrEqual(2);
      expect(kept.length).toBeLessThanOrEqual(4);
      expect(kept.at(-1)).toBe(10);
      await fill(1, `"${'x'.repeat(5_000)}"`);
      expect(await retained(store)).toEqual([11]);
    });

    it('counts bytes anew when much was forgotten', async () => {
      const { store, fill } = await setup(backend(), { maxBytes: 3_000, maxCount: 3 });
      await fill(30, `"${'x'.repeat(500)}"`);
      await fill(20, '1');
      expect(await retained(store)).toEqual([48, 49, 50]);
    });

    it('forgets entries that are too old with the next append', async () => {
      const maxAgeMs = 400;
      const { store } = await setup(backend(), { maxAgeMs });
      const ages: { offset: number; at: number }[] = [];
      const add = async () => {
        const { position, at } = await append(store, alice);
        ages.push({ offset: position.offset, at });
      };
      for (let i = 0; i < 3; i++) await add();
      await new Promise((resolve) => setTimeout(resolve, 300));
      await add();
      await new Promise((resolve) => setTimeout(resolve, 150));
      await add();
      const kept = await retained(store);
      // By the store's own times: how long the pauses really were is the machine's business.
      const newest = ages.at(-1)?.at ?? 0;
      const young = ages.filter(({ at }) => newest - at < maxAgeMs).map(({ offset }) => offset);
      // A look that comes too late finds the log emptied.
      if (Date.now() - newest < maxAgeMs) expect(kept).toEqual(young);
      else expect([young, []]).toContainEqual(kept);
      expect(young).not.toContain(1);
    });

    it('without news is emptied after that age, and still knows its last offset', async () => {
      const { store, fill } = await setup(backend(), { maxAgeMs: 1_000 });
      await fill(3);
      await emptied(store);
      const meta = await store.logs.meta(alice);
      expect(meta).toMatchObject({ last: 3, head: 4 });
      const tail = { generation: meta.generations[0]?.generation ?? '', offset: 3 };
      expect(await store.logs.read(alice, tail)).toMatchObject({ recovered: true, start: tail, entries: [] });
      expect(await store.logs.read(alice, { ...tail, offset: 2 })).toMatchObject({ recovered: false });
      const refill = async () => {
        const { last } = await store.logs.meta(alice);
        expect((await append(store, alice)).position.offset).toBe(last + 1);
        expect(await retained(store)).toEqual([last + 1]);
      };
      await inTime(1_000, refill, () => emptied(store));
    });

    it('counts bytes anew when it was emptied', async () => {
      const { store, fill } = await setup(backend(), { maxAgeMs: 1_000, maxBytes: 2_500 });
      await fill(4, `"${'x'.repeat(450)}"`);
      const refill = async () => {
        const { last } = await store.logs.meta(alice);
        await fill(4, `"${'x'.repeat(450)}"`);
        expect(await retained(store)).toEqual([1, 2, 3, 4].map((n) => last + n));
      };
      await inTime(1_000, refill, () => emptied(store));
    });

    it('is forgotten entirely when its memory has passed too', async () => {
      const { store, fill } = await setup(backend(), { maxAgeMs: 50, metaTtlMs: 50 });
      await fill(2);
      await eventually(async () => expect((await store.logs.meta(alice)).last).toBe(0));
    });

    it('that was forgotten and begins anew tells whoever stood in its former life, also once it has passed their offset', async () => {
      const { store, fill } = await setup(backend(), { maxAgeMs: 1_000, metaTtlMs: 1 });
      const { position: old } = await append(store, alice);
      const forgotten = () => eventually(async () => expect((await store.logs.meta(alice)).last).toBe(0));
      const refill = () => fill(3).then(() => store.logs.read(alice, old));
      const slice = await inTime(1_000, refill, forgotten);
      expect(slice).toMatchObject({ recovered: false, start: await startOf(store, alice) });
      expect(slice.entries.map(({ offset }) => offset)).toEqual([1, 2, 3]);
      const [first] = slice.entries;
      expect(first?.generation).toMatch(/^[0-9a-f]{12}$/);
      expect(first?.generation).not.toBe(old.generation);
    });

    it('tells whoever stands before what it kept, and starts them at its oldest', async () => {
      const { store, fill } = await setup(backend(), { maxCount: 3 });
      await fill(10);
      const { generations } = await store.logs.meta(alice);
      const generation = generations[0]?.generation ?? '';
      const old = await store.logs.read(alice, { generation, offset: 6 });
      expect(old).toMatchObject({ recovered: false, start: { generation, offset: 7 } });
      expect(old.entries.map(({ offset }) => offset)).toEqual([8, 9, 10]);
      expect(await store.logs.read(alice, { generation, offset: 7 })).toMatchObject({ recovered: true });
      expect(await store.logs.read(alice, LOG_START)).toMatchObject({ recovered: false });
    });
  });
};
