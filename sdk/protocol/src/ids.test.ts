import { expect, test } from '@jest/globals';
import { isChannelName, isClientId, parseChannelName, parseClientId } from './ids.ts';

const accepted = ['a', '0', ' ', '9007199254740993', '😀'.repeat(32), 'x'.repeat(128), '__proto__', '\u0000', '-1'];
const refused = [
  '',
  'x'.repeat(129),
  '😀'.repeat(33),
  'é'.repeat(65),
  '\ud83d',
  'a\udc00',
  7,
  null,
  undefined,
  {},
  ['a'],
];

test.each(accepted)('%j is a clientId and a channel', (value) => {
  expect(parseClientId(value)).toBe(value);
  expect(parseChannelName(value)).toBe(value);
});

test.each(refused)('%j is neither', (value) => {
  expect([isClientId(value), isChannelName(value)]).toEqual([false, false]);
  expect(() => parseClientId(value)).toThrow(expect.objectContaining({ code: 'bad_client_id' }));
  expect(() => parseChannelName(value)).toThrow(expect.objectContaining({ code: 'bad_channel' }));
});

test('a name starting with $ is a channel, but no application may use it', () => {
  expect(isChannelName('$broadcast')).toBe(true);
  expect(() => parseChannelName('$broadcast')).toThrow(expect.objectContaining({ code: 'reserved_channel' }));
  expect(parseClientId('$money')).toBe('$money');
});
