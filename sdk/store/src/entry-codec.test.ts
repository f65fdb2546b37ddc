import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  contentOf,
  encodeEntry,
  messageIdOf,
  parseBody,
  parseEntry,
  reencodeEntry,
  senderJsonOf,
} from './entry-codec.ts';
import type { EntryInput } from './entry.ts';

const input: fc.Arbitrary<EntryInput> = fc.record({
  messageId: fc.oneof(fc.uuid(), fc.string({ unit: 'binary' })),
  from: fc.option(fc.oneof(fc.string({ unit: 'binary' }), fc.constant('","from":null'))),
  format: fc.constantFrom('json', 'text'),
  data: fc.string({ unit: 'binary' }),
  excludeSender: fc.boolean(),
});

describe('an encoded entry', () => {
  it('reads back as it was, from wherever it stands in a text', () => {
    fc.assert(
      fc.property(input, fc.nat(2 ** 44), fc.string(), (given, at, before) => {
        const text = `${before}${at} ${encodeEntry(given)}`;
        const { head, ...entry } = parseEntry(text, before.length, 'abc', 7);
        expect(entry).toEqual({ ...given, generation: 'abc', offset: 7, at });
        expect(JSON.parse(`{${head}}`)).toEqual({ id: given.messageId, from: given.from });
      }),
    );
  });

  it('has a head of ASCII only, so that its length is the same in bytes', () => {
    fc.assert(
      fc.property(input, (given) => {
        const { head } = parseBody(encodeEntry(given), 0, '0', 0, 0);
        expect(Buffer.byteLength(head)).toBe(head.length);
      }),
    );
  });

  it('is encoded again to the same text', () => {
    fc.assert(
      fc.property(input, (given) => {
        const encoded = encodeEntry(given);
        expect(reencodeEntry(parseBody(encoded, 0, '0', 0, 0))).toBe(encoded);
      }),
    );
  });

  it('tells its message id and its sender', () => {
    fc.assert(
      fc.property(input, (given) => {
        const encoded = encodeEntry(given);
        expect(messageIdOf(encoded)).toBe(given.messageId);
        expect(JSON.parse(senderJsonOf(encoded))).toBe(given.from);
      }),
    );
  });

  it('has the same content exactly when all but the message id is the same', () => {
    fc.assert(
      fc.property(input, input, fc.string(), (one, other, messageId) => {
        expect(contentOf(encodeEntry({ ...one, messageId }))).toBe(contentOf(encodeEntry(one)));
        const isSame = JSON.stringify({ ...one, messageId: '' }) === JSON.stringify({ ...other, messageId: '' });
        expect(contentOf(encodeEntry(one)) === contentOf(encodeEntry(other))).toBe(isSame);
      }),
    );
  });

  it('looks as documented', () => {
    const given = { messageId: 'm1', from: 'bob', format: 'json', data: '{"a":1}', excludeSender: true } as const;
    expect(encodeEntry(given)).toBe('jx 22\n"id":"m1","from":"bob"{"a":1}');
    expect(encodeEntry({ ...given, from: null, format: 'text', data: 'hé', excludeSender: false })).toBe(
      't- 21\n"id":"m1","from":nullhé',
    );
  });
});
