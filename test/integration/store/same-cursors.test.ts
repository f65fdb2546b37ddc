import { expect, it } from '@jest/globals';
import { LOG_START, formatPosition, type Position } from '@flotilla-im/protocol';
import fc from 'fast-check';
import { encodeEntry, type LogMeta } from '@flotilla-im/store';
import { isFurther, isOfLostLog, receiptOf } from '../../../sdk/store/src/cursor-order.ts';
import { createKeys } from '../../../sdk/store/src/keys.ts';
import { inbox, message } from '../../conformance/given.ts';
import { useRedis } from './redis-store-setup.ts';

const fixture = useRedis();
const keys = createKeys('test');
const lives = ['111111111111', '222222222222', '333333333333'];

/** A log that lived through some generations, perhaps trimmed, perhaps without what it had at first. */
const logMeta: fc.Arbitrary<LogMeta> = fc
  .record({ sizes: fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 }), before: fc.nat(3), kept: fc.nat(12) })
  .map(({ sizes, before, kept }) => {
    let first = before + 1;
    const generations = sizes.map((size, i) => {
      const known = { generation: lives[i] ?? '', first };
      first += size;
      return known;
    });
    const last = generations.length === 0 ? 0 : first - 1;
    return { generations, last, life: 'eeeeeeeeeeee', head: Math.max(1, last - kept + 1) };
  });

const position: fc.Arbitrary<Position> = fc.oneof(
  fc.constant(LOG_START),
  fc.record({ generation: fc.constantFrom(...lives, 'ffffffffffff'), offset: fc.nat(16) }),
);

/** Of what a client confirmed. */
function moves(meta: LogMeta, from: Position | null, to: Position): boolean {
  return isFurther(meta, from, to) || (from === null && isOfLostLog(meta, to));
}

it('the scripts and the pure rules move cursors and judge receipts alike, whatever the log went through', async () => {
  const redis = await fixture.redis();
  const store = await fixture.store(redis.url);
  let count = 0;
  const write = async (meta: LogMeta, cursor: Position | null) => {
    const clientId = `client-${count++}`;
    const gens = meta.generations.map(({ generation, first }) => `${generation}:${first}`).join(',');
    if (meta.last > 0) await redis.command('HSET', keys.meta(inbox(clientId)), 'last', String(meta.last), 'gens', gens);
    const texts = Array.from({ length: meta.last - meta.head + 1 }, () => `7 ${encodeEntry(message())}`);
    if (texts.length > 0) await redis.command('RPUSH', keys.log(inbox(clientId)), ...texts);
    if (cursor !== null) await redis.command('HSET', keys.cursors(clientId), 'c', formatPosition(cursor));
    return clientId;
  };
  await fc.assert(
    fc.asyncProperty(logMeta, fc.option(position), position, async (meta, from, to) => {
      const clientId = await write(meta, from);
      const receipt = receiptOf(meta, from, to);
      expect(await store.presence.receiptState(clientId, to)).toBe(receipt === 'unread' ? 'offline' : receipt);
      await store.presence.storeCursors('life', [{ clientId, cursors: { device: null, inbox: to } }]);
      expect(await store.presence.cursor(clientId)).toEqual(moves(meta, from, to) ? to : from);
    }),
    { numRuns: 150 },
  );
});
