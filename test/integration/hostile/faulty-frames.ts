import { clientFrame, frameHead } from './raw-frames.ts';

/** Bytes of a text. */
export const utf8 = (text: string): Buffer => Buffer.from(text);
/** A close frame with any code. */
export const closing = (code: number, reason: Buffer = Buffer.alloc(0)): Buffer =>
  clientFrame(0x88, Buffer.concat([Buffer.from([code >> 8, code & 0xff]), reason]));

/** What a client must not write, with the close code and the reason it gets. */
export const FAULTS: [string, () => Buffer, number, string][] = [
  ['that is not masked', () => Buffer.concat([frameHead(0x81, 1, 0), utf8('x')]), 1002, 'protocol_error'],
  ['with a reserved bit', () => clientFrame(0xc1, utf8('x')), 1002, 'protocol_error'],
  ['with a reserved opcode', () => clientFrame(0x83, utf8('x')), 1002, 'protocol_error'],
  ['with a reserved control opcode', () => clientFrame(0x8b), 1002, 'protocol_error'],
  ['of control that is too long', () => clientFrame(0x89, Buffer.alloc(126)), 1002, 'protocol_error'],
  ['of control that is cut in two', () => clientFrame(0x09, utf8('x')), 1002, 'protocol_error'],
  ['that goes on with nothing', () => clientFrame(0x80, utf8('x')), 1002, 'protocol_error'],
  ['that begins within another', () => Buffer.concat([clientFrame(0x01), clientFrame(0x81)]), 1002, 'protocol_error'],
  ['that closes with 999', () => closing(999), 1002, 'protocol_error'],
  ['that closes with 1005', () => closing(1005), 1002, 'protocol_error'],
  ['that closes with half a code', () => clientFrame(0x88, utf8('x')), 1002, 'protocol_error'],
  ['that closes with a reason that is no UTF-8', () => closing(1000, Buffer.from([0xff])), 1007, 'not_utf8'],
  ['whose text is cut within a letter', () => clientFrame(0x81, Buffer.from([0xf0, 0x9f])), 1007, 'not_utf8'],
  ['that only says that it is too long', () => frameHead(0x81, 131_073, 0x80), 1009, 'frame_too_large'],
  ['of more bytes than can be counted', () => frameHead(0x81, 2 ** 54, 0x80), 1009, 'frame_too_large'],
  [
    'whose fragments are too long together',
    () => Buffer.concat([0x01, 0x00, 0x00].map((first) => clientFrame(first, Buffer.alloc(60_000, 120)))),
    1009,
    'frame_too_large',
  ],
  [
    'in 20,000 fragments of a byte',
    () => Buffer.concat([clientFrame(0x01), ...Array.from({ length: 20_000 }, () => clientFrame(0x00, utf8('x')))]),
    1008,
    'policy',
  ],
  [
    'in a flood of pings',
    () => Buffer.concat(Array.from({ length: 1_000 }, () => clientFrame(0x89))),
    4409,
    'rate_limited',
  ],
];
