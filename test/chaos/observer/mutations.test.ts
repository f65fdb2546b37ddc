import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { JournalRecord } from '../journal/record.ts';
import { HistoryBuilder } from './history/history.ts';
import { judge } from './observe.ts';
import { DEFAULT_OPTIONS } from './options.ts';
import { MUTATIONS } from './story/mutations.ts';
import { makeStory, type Story } from './story/story.ts';
import type { Verdict } from './verdict.ts';

const CLIENTS = 6;
const RUNS = 80;

/** A seed's own chance: a linear congruence is enough to make up stories. */
function chanceOf(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

function storyOf(seed: number): Story {
  return makeStory(CLIENTS, chanceOf(seed));
}

function verdictOf(programs: ReadonlyMap<string, readonly JournalRecord[]>): Verdict {
  const builder = new HistoryBuilder();
  for (const [program, records] of programs) for (const record of records) builder.take(record, program);
  return judge(builder.build(), DEFAULT_OPTIONS);
}

const seeds = fc.integer({ min: 1, max: 2 ** 31 });

describe('the observer', () => {
  it('finds nothing wrong with a run in which nothing is', () => {
    fc.assert(
      fc.property(seeds, (seed) => {
        const { violations, delivered } = verdictOf(storyOf(seed).programs);
        expect(violations).toEqual([]);
        expect(delivered).toBeGreaterThan(500);
      }),
      { numRuns: RUNS },
    );
  });

  it.each(MUTATIONS)('catches a system that would $name, wherever it does', ({ kinds, apply }) => {
    fc.assert(
      fc.property(seeds, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), (seed, place) => {
        const programs = apply(storyOf(seed), (count) => Math.floor(place * count));
        fc.pre(programs !== null);
        const found = verdictOf(programs).violations.map(({ kind }) => kind);
        expect(found.some((kind) => kinds.includes(kind)) ? 'caught' : found).toBe('caught');
      }),
      { numRuns: RUNS },
    );
  });
});
