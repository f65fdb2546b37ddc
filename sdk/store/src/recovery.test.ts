import { describe, expect, it } from '@jest/globals';
import { LOG_START, type Position } from '@flotilla-im/protocol';
import fc from 'fast-check';
import type { LogMeta } from './log.ts';
import { generationAt, isRecoverable, parseGenerations, positionAt, startOffset, startPosition } from './recovery.ts';

/** A log as its history made it: what each offset's generation was, and which offsets a failing master took along. */
interface History {
  readonly meta: LogMeta;
  /** The generation of each offset 1 … last that the log still counts. */
  readonly generations: readonly string[];
  /** Positions that were handed out and lost. */
  readonly lost: readonly Position[];
}

/** Of the partition that the logs are in. */
const partitionLife = 'fefefefefefe';

/** A life of the master: how many messages it appended, and how many of them died with it. */
const life = fc.record({ appended: fc.nat(12), lost: fc.nat(12) });

/** What happens to a log, with 0 … all of its entries trimmed in the end. */
const history: fc.Arbitrary<History> = fc
  .record({ lives: fc.array(life, { minLength: 1, maxLength: 5 }), trimmed: fc.nat(60) })
  .map(({ lives, trimmed }) => {
    const generations: string[] = [];
    const list: { generation: string; first: number }[] = [];
    const lost: Position[] = [];
    const nameOf = (index: number) => index.toString(16).padStart(12, 'a');
    lives.forEach(({ appended, lost: dying }, index) => {
      const generation = nameOf(index);
      const first = generations.length + 1;
      const kept = Math.max(0, appended - dying);
      for (let i = 0; i < kept; i++) generations.push(generation);
      for (let i = kept; i < appended; i++) lost.push({ generation, offset: first + i });
      // A generation of which nothing is left is not in the list: the script that wrote it there is lost too.
      if (kept > 0) list.push({ generation, first });
    });
    const last = generations.length;
    const head = Math.min(trimmed, last) + 1;
    return { meta: { generations: list, last, head, life: partitionLife }, generations, lost };
  });

const offsetsFrom = (meta: LogMeta, start: number): number[] =>
  Array.from(
    { length: Math.max(0, meta.last - Math.max(start, meta.head - 1)) },
    (_, i) => Math.max(start + 1, meta.head) + i,
  );

describe('a position', () => {
  it('that the log gave out and still counts is recovered exactly when nothing after it is trimmed', () => {
    fc.assert(
      fc.property(history, fc.nat(60), ({ meta, generations }, pick) => {
        fc.pre(generations.length > 0);
        const offset = (pick % generations.length) + 1;
        const after = { generation: generations[offset - 1] ?? '', offset };
        const isKept = offset >= meta.head - 1;
        expect(isRecoverable(meta, after)).toBe(isKept);
        expect(startOffset(meta, after)).toBe(isKept ? offset : meta.head - 1);
      }),
    );
  });

  it('that was lost with its master is never recovered, and its reader misses nothing that came after', () => {
    fc.assert(
      fc.property(history, fc.nat(60), ({ meta, lost, generations }, pick) => {
        fc.pre(lost.length > 0);
        const after = lost[pick % lost.length] ?? LOG_START;
        expect(isRecoverable(meta, after)).toBe(false);
        const given = offsetsFrom(meta, startOffset(meta, after));
        const lives = meta.generations.findIndex(({ generation }) => generation === after.generation);
        const later = generations
          .map((generation, i) => ({ generation, offset: i + 1 }))
          .filter(({ generation, offset }) => generation > after.generation && offset >= meta.head);
        expect(later.filter(({ offset }) => !given.includes(offset))).toEqual([]);
        // Of a generation that is still listed, nothing it has already is given again.
        if (lives >= 0) expect(given).toEqual(later.map(({ offset }) => offset));
      }),
    );
  });

  it('of an unknown generation gets all that is retained', () => {
    fc.assert(
      fc.property(history, fc.nat(60), ({ meta }, offset) => {
        const after = { generation: 'ffffffffffff', offset };
        expect(isRecoverable(meta, after)).toBe(false);
        expect(startOffset(meta, after)).toBe(meta.head - 1);
      }),
    );
  });

  it('at the start of a log is recovered until something is trimmed', () => {
    fc.assert(
      fc.property(history, ({ meta }) => {
        for (const generation of [LOG_START.generation, partitionLife]) {
          expect(isRecoverable(meta, { generation, offset: 0 })).toBe(meta.head === 1);
          expect(startOffset(meta, { generation, offset: 0 })).toBe(meta.head - 1);
        }
      }),
    );
  });

  it('at the start of a log in another life of its partition is not: messages may have come and gone there', () => {
    fc.assert(
      fc.property(history, ({ meta }) => {
        expect(isRecoverable(meta, { generation: 'efefefefefef', offset: 0 })).toBe(false);
        expect(startOffset(meta, { generation: 'efefefefefef', offset: 0 })).toBe(meta.head - 1);
      }),
    );
  });

  it('of the retained head is always to be had', () => {
    fc.assert(
      fc.property(history, ({ meta }) => {
        expect(isRecoverable(meta, null)).toBe(true);
        expect(startOffset(meta, null)).toBe(meta.head - 1);
      }),
    );
  });

  it('where a read starts is a position that the next read recovers from', () => {
    fc.assert(
      fc.property(history, fc.option(fc.nat(60)), fc.nat(60), ({ meta, lost, generations }, own, pick) => {
        const known = generations.map((generation, i) => ({ generation, offset: i + 1 }));
        const candidates = [LOG_START, ...known, ...lost];
        const after = own === null ? null : (candidates[pick % candidates.length] ?? null);
        const offset = startOffset(meta, after);
        const start = startPosition(meta, after, offset);
        expect(start.offset).toBe(Math.max(0, offset));
        if (meta.last > 0) expect(isRecoverable(meta, start)).toBe(true);
        expect(startOffset(meta, start)).toBe(offset);
      }),
    );
  });

  it('beyond the end of the newest generation gets what comes next', () => {
    const meta: LogMeta = { generations: [{ generation: 'a', first: 1 }], last: 3, head: 1, life: partitionLife };
    expect(isRecoverable(meta, { generation: 'a', offset: 57 })).toBe(false);
    expect(startOffset(meta, { generation: 'a', offset: 57 })).toBe(3);
  });
});

describe('the generation of an offset', () => {
  it('is the last one that began at or before it, else the oldest', () => {
    const generations = parseGenerations('a:3,b:7');
    expect(generations).toEqual([
      { generation: 'a', first: 3 },
      { generation: 'b', first: 7 },
    ]);
    expect([1, 3, 6, 7, 9].map((offset) => generationAt(generations, offset))).toEqual(['a', 'a', 'a', 'b', 'b']);
    expect(parseGenerations('')).toEqual([]);
    const start = { generation: partitionLife, offset: 0 };
    expect(positionAt({ generations: [], last: 0, head: 1, life: partitionLife }, 0)).toEqual(start);
  });
});
