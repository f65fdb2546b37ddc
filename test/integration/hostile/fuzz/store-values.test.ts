import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseChannelCursors } from '../../../../sdk/store/src/channel-cursors.ts';
import { parseClientState, parseConnectionEntry } from '../../../../sdk/store/src/client-state.ts';
import { encodeEntry, parseEntry, readEntry } from '../../../../sdk/store/src/entry-codec.ts';
import { encodeLogName, encodeMany, encodeNotedName, parseNotify } from '../../../../sdk/store/src/notify-codec.ts';
import type { Notify } from '../../../../sdk/store/src/notify.ts';
import { parseItems } from '../../../../sdk/store/src/redis-event-groups.ts';
import { parseLease } from '../../../../sdk/store/src/redis-lease.ts';
import { parseSlice } from '../../../../sdk/store/src/redis-log.ts';
import { parseUnfinished } from '../../../../sdk/store/src/redis-reaper.ts';
import { DEEP, hostile, name } from './hostile-texts.ts';
import { durationOf, judged } from './judged.ts';

const entry = fc
  .record({
    messageId: fc.uuid(),
    from: fc.option(name),
    format: fc.constantFrom('json' as const, 'text' as const),
    data: fc.json(),
    excludeSender: fc.boolean(),
  })
  .map(encodeEntry);
const stored = fc.tuple(fc.nat(2 ** 44), entry).map(([at, text]) => `${at} ${text}`);
const log = fc.record({ kind: fc.constantFrom('inbox' as const, 'channel' as const), id: name });

const noted = fc
  .tuple(log, entry, fc.nat(255), fc.nat(), fc.nat())
  .map(
    ([key, text, partition, tail, at]) =>
      `${tail} 9f2c41d07a3e 7 ${partition} ${encodeNotedName(key, text)}${at} ${text}`,
  );
const many = fc.tuple(log, stored, fc.nat(255)).map(([key, text, partition]) => {
  const one = parseEntry(text, 0, '9f2c41d07a3e', 7);
  return encodeMany([{ partition, tail: 1, log: key, entry: one }])[0] ?? '';
});
const notify = fc.oneof(
  fc.array(noted, { minLength: 1, maxLength: 3 }).map((notes) => `d ${notes.join('')}`),
  many,
  fc.tuple(log, stored).map(([key, text]) => `l ${encodeLogName(key)}${text}`),
  fc.tuple(fc.nat(255), fc.nat(), name).map(([partition, tail, id]) => `c ${partition} ${tail}\n${id}`),
);

function expectUsable(read: Notify | null): void {
  if (read?.type === 'client') expect([read.partition, read.tail].every(Number.isSafeInteger)).toBe(true);
  if (read?.type !== 'durable') return;
  for (const { partition, tail, log: key, entry: one } of read.items) {
    expect(partition >= 0 && partition < 256 && Number.isSafeInteger(tail)).toBe(true);
    expect(Number.isSafeInteger(one.offset) && Number.isSafeInteger(one.at)).toBe(true);
    expect([typeof key.id, typeof one.generation, typeof one.data, typeof one.messageId]).toEqual(
      Array(4).fill('string'),
    );
  }
}

describe('a notify', () => {
  it('that is damaged ends, in an error or in what a shard can use', () => {
    fc.assert(
      fc.property(hostile(notify), (text) => {
        const outcome = judged(() => parseNotify(text));
        if ('code' in outcome) expect(outcome.code).toBe('internal');
        else expectUsable(outcome.value);
      }),
      { numRuns: 1_000 },
    );
  });

  it.each([
    'd damaged',
    'd  ',
    `d ${'1 '.repeat(50_000)}`,
    'd 1 g 1 1 0 i 1\na1 ',
    'm 5',
    'm 3\n[1]',
    `m ${DEEP.length}\n${DEEP}`,
    'l',
    'c',
  ])('of a few letters does not keep a shard busy: %#', (text) => {
    expect(durationOf(() => expect(judged(() => parseNotify(text))).toEqual({ code: 'internal' }))).toBeLessThan(500);
  });
});

describe('a log', () => {
  it('with a damaged entry is read all the same, and says which one it is', () => {
    fc.assert(
      fc.property(hostile(stored), stored, (text, good) => {
        const { entries } = parseSlice([2, 1, '9f2c41d07a3e:1', 'a1b2c3d4e5f6', 0, text, good] as never, null);
        expect(entries.map(({ offset }) => offset)).toEqual([1, 2]);
        expect(entries[1]?.isDamaged).toBeUndefined();
        expect([typeof entries[0]?.messageId, typeof entries[0]?.data]).toEqual(['string', 'string']);
      }),
      { numRuns: 400 },
    );
    expect(readEntry('no entry', '9f2c41d07a3e', 3)).toMatchObject({ isDamaged: true, offset: 3 });
  });

  it('with damaged metadata is an error, not a position that is none', () => {
    for (const last of ['x', '', '-', '1e400', 'NaN']) {
      expect(judged(() => parseSlice([last, last, '', 'a1b2c3d4e5f6', 0] as never, null))).toEqual(
        last === '' ? expect.anything() : { code: 'internal' },
      );
    }
  });
});

describe('what a hash holds of a client, a shard or a join', () => {
  it('is passed over where it is damaged, and grants nothing', () => {
    const grants = fc.constantFrom('{"send":true,"upstream":true}', '{"publish":["news"]}');
    fc.assert(
      fc.property(hostile(grants), hostile(fc.constant('c op 9f2c41d07a3e.4')), (json, mark) => {
        const outcome = judged(() => parseClientState(new Map([['news', mark]]), new Map([['grants', json]]), 'a1'));
        expect(outcome).toHaveProperty('value');
      }),
      { numRuns: 250 },
    );
    expect(parseClientState(new Map(), new Map([['grants', '{"send":tr']]), 'a1').grants).toEqual({});
    expect(parseClientState(new Map(), new Map([['grants', '{"send":5}']]), 'a1').grants).toEqual({});
  });

  it('never throws', () => {
    const report =
      '{"state":"up","connections":1,"guests":0,"delivered":9,"epoch":3,"pace":2000,"version":"1","schema":1}';
    const values = fc.constantFrom(
      `17 3 ${report}`,
      '3|life|17|phone',
      '["news","alice","op"]',
      '{"news":"9f2c41d07a3e.4"}',
    );
    fc.assert(
      fc.property(hostile(values), (text) => {
        for (const parse of [parseUnfinished, parseChannelCursors])
          expect(judged(() => parse(text))).toHaveProperty('value');
        for (const parse of [parseLease, parseConnectionEntry])
          expect(judged(() => parse('x', text))).toHaveProperty('value');
        expect(judged(() => parseItems(0, ['1-0', text], 1))).toHaveProperty('value');
        const lease = parseLease('life', text);
        if (lease !== null) expect([lease.shard, lease.counter, lease.connections].every(Number.isFinite)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });
});
