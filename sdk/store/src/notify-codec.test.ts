import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeEntry, parseBody, reencodeEntry } from './entry-codec.ts';
import type { LogKey } from './log.ts';
import { encodeCanary, encodeLogName, encodeMany, encodeNotedName, parseNotify } from './notify-codec.ts';
import type { Notified } from './notify.ts';

const name = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
const log: fc.Arbitrary<LogKey> = fc.record({ kind: fc.constantFrom('inbox', 'channel'), id: name });
const generation = fc.stringMatching(/^[0-9a-f]{12}$/);
const body = fc
  .record({
    messageId: fc.string({ unit: 'binary' }),
    from: fc.option(name),
    format: fc.constantFrom('json' as const, 'text' as const),
    data: fc.string({ unit: 'binary' }),
    excludeSender: fc.boolean(),
  })
  .map(encodeEntry);
const place = fc.record({
  partition: fc.nat(255),
  tail: fc.nat(2 ** 40),
  generation,
  offset: fc.integer({ min: 1, max: 2 ** 45 }),
  at: fc.nat(2 ** 44),
  log,
});

describe('a notify', () => {
  it('of appends of one step reads back what the append script writes', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(place, body), { minLength: 1, maxLength: 5 }), (appends) => {
        const notes = appends.map(
          ([at, entry]) =>
            `${at.tail} ${at.generation} ${at.offset} ${at.partition} ${encodeNotedName(at.log, entry)}${at.at} ${entry}`,
        );
        const items = appends.map(([at, entry]): Notified => ({
          partition: at.partition,
          tail: at.tail,
          log: at.log,
          entry: parseBody(entry, 0, at.generation, at.offset, at.at),
        }));
        expect(parseNotify(`d ${notes.join('')}`)).toEqual({ type: 'durable', items });
      }),
    );
  });

  it('of many appends brings every receiver its position, and the payload once', () => {
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 20 }), body, (places, entry) => {
        const items = places.map(({ partition, tail, log: key, generation: life, offset, at }): Notified => {
          return { partition, tail, log: key, entry: parseBody(entry, 0, life, offset, at) };
        });
        const texts = encodeMany(items);
        expect(texts).toHaveLength(1);
        expect(texts[0]?.endsWith(entry)).toBe(true);
        expect(parseNotify(texts[0] ?? '')).toEqual({ type: 'durable', items });
      }),
    );
  });

  it('of many appends keeps different contents apart', () => {
    const item = (data: string, offset: number): Notified => ({
      partition: 1,
      tail: offset,
      log: { kind: 'inbox', id: `c${offset}` },
      entry: parseBody(
        encodeEntry({ messageId: 'm', from: null, format: 'json', data, excludeSender: false }),
        0,
        'aaaaaaaaaaaa',
        offset,
        5,
      ),
    });
    const items = [item('1', 1), item('2', 2), item('1', 3)];
    const read = encodeMany(items).map((text) => parseNotify(text));
    expect(read).toEqual([
      { type: 'durable', items: [items[0], items[2]] },
      { type: 'durable', items: [items[1]] },
    ]);
  });

  it('of a live message has no position', () => {
    fc.assert(
      fc.property(log, body, fc.nat(2 ** 44), (key, entry, at) => {
        const notify = parseNotify(`l ${encodeLogName(key)}${at} ${entry}`);
        expect(notify).toEqual({ type: 'live', log: key, entry: parseBody(entry, 0, '0', 0, at) });
        if (notify?.type === 'live') expect(reencodeEntry(notify.entry)).toBe(entry);
      }),
    );
  });

  it('of a changed client, and a canary, read back', () => {
    fc.assert(
      fc.property(name, fc.nat(255), fc.nat(), (clientId, partition, tail) => {
        const expected = { type: 'client', partition, tail, clientId };
        expect(parseNotify(`c ${partition} ${tail}\n${clientId}`)).toEqual(expected);
        expect(parseNotify(encodeCanary(clientId))).toEqual({ type: 'canary', id: clientId });
      }),
    );
  });

  it('of a kind that only newer versions know is passed over', () => {
    expect(parseNotify('z 1 2 3')).toBeNull();
    expect(parseNotify('')).toBeNull();
  });
});
