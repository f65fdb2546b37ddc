import { expect, it } from '@jest/globals';
import type { Position } from '@flotilla-im/protocol';
import fc from 'fast-check';
import { encodeEntry, isRecoverable, type LogMeta, partitionOf, positionAt, startOffset } from '@flotilla-im/store';
import { createKeys } from '../../../sdk/store/src/keys.ts';
import { inbox, message } from '../../conformance/given.ts';
import { useRedis } from './redis-store-setup.ts';

const fixture = useRedis();
const keys = createKeys('test');
const life = 'eeeeeeeeeeee';

/** Metadata as some history of restarts, lost ends and trimming may leave it. */
const logMeta: fc.Arbitrary<LogMeta> = fc
  .record({
    sizes: fc.array(fc.integer({ min: 1, max: 5 }), { maxLength: 4 }),
    before: fc.nat(3),
    trimmed: fc.nat(20),
  })
  .map(({ sizes, before, trimmed }) => {
    let first = before + 1;
    const generations = sizes.map((size, i) => {
      const known = { generation: String(i + 1).repeat(12), first };
      first += size;
      return known;
    });
    const last = generations.length === 0 ? 0 : first - 1;
    return { generations, last, life, head: last - Math.max(0, Math.min(last, first - 1 - before) - trimmed) + 1 };
  });

const position: fc.Arbitrary<Position> = fc.record({
  generation: fc.constantFrom('0', life, '111111111111', '222222222222', '333333333333', 'ffffffffffff'),
  offset: fc.nat(30),
});

it('the script and the pure rules find the same start for every position and every log', async () => {
  const redis = await fixture.redis();
  const store = await fixture.store(redis.url);
  let count = 0;
  const write = async (meta: LogMeta) => {
    const log = inbox(`log-${count++}`);
    const gens = meta.generations.map(({ generation, first }) => `${generation}:${first}`).join(',');
    if (meta.last > 0) await redis.command('HSET', keys.meta(log), 'last', String(meta.last), 'gens', gens);
    await redis.command('HSET', keys.tails(partitionOf(log.id)), 'life', life);
    const texts = Array.from({ length: meta.last - meta.head + 1 }, () => `7 ${encodeEntry(message())}`);
    if (texts.length > 0) await redis.command('RPUSH', keys.log(log), ...texts);
    return log;
  };
  await fc.assert(
    fc.asyncProperty(logMeta, fc.array(position, { minLength: 8, maxLength: 8 }), async (meta, all) => {
      const log = await write(meta);
      expect(await store.logs.meta(log)).toEqual(meta);
      for (const after of [null, ...all]) {
        const slice = await store.logs.read(log, after);
        const start = startOffset(meta, after);
        const recovered = isRecoverable(meta, after);
        expect({ after, recovered: slice.recovered }).toEqual({ after, recovered });
        expect(slice.start).toEqual(
          recovered && after?.offset === start && start > 0 ? after : positionAt(meta, start),
        );
        expect(slice.entries.map(({ offset }) => offset)).toEqual(
          Array.from({ length: meta.last - start }, (_, i) => start + 1 + i),
        );
      }
    }),
    { numRuns: 60 },
  );
});
