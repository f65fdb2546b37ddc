import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { NotifyFilter } from './notify-filter.ts';

/** One reply as Redis writes it, and whether it is a published message. */
interface Reply {
  readonly bytes: Buffer;
  readonly isNotify: boolean;
}

const line = (text: string): Buffer => Buffer.from(`${text}\r\n`);
const bulk = (bytes: Buffer): Buffer => Buffer.concat([line(`$${String(bytes.length)}`), bytes, line('')]);
const list = (lead: string, ...items: Buffer[]): Buffer => Buffer.concat([line(lead + String(items.length)), ...items]);
const word = (text: string): Buffer => bulk(Buffer.from(text));

const confirmed = list('*', word('subscribe'), word('orders'), line(':1'));

/** Bytes that look like replies themselves, so that a reader who loses count is caught. */
const payload = fc.oneof(
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  fc.constant(list('*', word('message'), word('orders'), word('inside'))),
  fc.constantFrom('\r\n', '*3\r\n$7\r\nmessage\r\n', '$-1\r\n', '>3\r\n').map((text) => Buffer.from(text)),
);

const { notify, other } = fc.letrec<{ notify: Reply; other: Reply; value: Buffer }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    payload.map(bulk),
    fc.constantFrom('+OK', '-ERR no', ':42', '$-1', '*-1', '*0', '_', '#t', ',1.5', '(12').map(line),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => list('*', ...items)),
    fc.tuple(tie('value'), tie('value')).map((pair) => Buffer.concat([line('%1'), ...pair])),
    fc.tuple(tie('value'), tie('value'), tie('value')).map((all) => Buffer.concat([line('|1'), ...all])),
  ),
  notify: fc
    .tuple(fc.constantFrom('*', '>'), fc.constantFrom('message', 'smessage'), payload)
    .map(([lead, kind, said]) => ({ bytes: list(lead, word(kind), word('orders'), bulk(said)), isNotify: true })),
  other: fc
    .oneof(
      tie('value'),
      payload.map((said) => list('>', word('pmessage'), word('o*'), word('orders'), bulk(said))),
      payload.map((said) => list('*', word('pong'), bulk(said))),
      fc.constant(list('>', word('unsubscribe'), word('orders'), line(':0'))),
    )
    .map((bytes) => ({ bytes, isNotify: false })),
}));

/** Cuts the bytes at these places, taken modulo their length. */
function chunked(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...new Set(cuts.map((cut) => cut % (bytes.length + 1))), bytes.length].sort((a, b) => a - b);
  return places.slice(1).map((to, i) => bytes.subarray(places[i], to));
}

function through(filter: NotifyFilter, chunks: readonly Buffer[]): string {
  return Buffer.concat([...chunks.flatMap((chunk) => filter.push(chunk)), ...filter.end()]).toString('latin1');
}

const said = fc.array(fc.oneof(notify, other), { maxLength: 12 });
const cuts = fc.array(fc.nat(), { maxLength: 60 });
const joined = (replies: readonly Reply[]): Buffer => Buffer.concat(replies.map(({ bytes }) => bytes));

describe('what Redis says, with messages left out', () => {
  test('is whole but for those that are picked, however it is cut', () => {
    fc.assert(
      fc.property(said, cuts, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), (replies, at, picks) => {
        const left = [...picks];
        const kept = replies.filter(({ isNotify }, i) => !(isNotify && picks[notifiesBefore(replies, i)] === true));
        const filter = new NotifyFilter(() => left.shift() === true);
        const passed = through(filter, chunked(Buffer.concat([confirmed, joined(replies)]), at));
        expect(passed).toBe(Buffer.concat([confirmed, joined(kept)]).toString('latin1'));
      }),
      { numRuns: 1_000 },
    );
  });

  test('passes byte for byte when none is picked, and ends with half a reply', () => {
    fc.assert(
      fc.property(said, cuts, fc.nat(), (replies, at, end) => {
        const bytes = joined(replies);
        const half = bytes.subarray(0, bytes.length - (end % (bytes.length + 1)));
        expect(through(new NotifyFilter(() => false), chunked(half, at))).toBe(half.toString('latin1'));
      }),
      { numRuns: 500 },
    );
  });

  test('keeps an array that only looks like a message where nobody subscribed', () => {
    const looks = list('*', word('message'), word('orders'), word('hello'));
    expect(through(new NotifyFilter(() => true), [looks])).toBe(looks.toString('latin1'));
    expect(through(new NotifyFilter(() => true), [confirmed, looks])).toBe(confirmed.toString('latin1'));
  });

  test('passes on what is complete while the rest of a long string is still to come', () => {
    const filter = new NotifyFilter(() => true);
    expect(Buffer.concat(filter.push(Buffer.from('+OK\r\n$10\r\n01234'))).toString()).toBe('+OK\r\n$10\r\n01234');
  });

  test('passes what is no RESP', () => {
    expect(through(new NotifyFilter(() => true), [Buffer.from('GET / HTTP/1.1\r\n'), Buffer.from('\r\n')])).toBe(
      'GET / HTTP/1.1\r\n\r\n',
    );
  });
});

function notifiesBefore(replies: readonly Reply[], end: number): number {
  return replies.slice(0, end).filter(({ isNotify }) => isNotify).length;
}
