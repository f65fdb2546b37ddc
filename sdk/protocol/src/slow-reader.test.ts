import { expect, test } from '@jest/globals';
import { parseSlowReader, type SlowReader, slowReaderPolicy } from './slow-reader.ts';
import { parseTokenClaims } from './token-claims.ts';

test.each<[SlowReader | undefined, string | null, string]>([
  [undefined, null, 'disconnect'],
  [undefined, 'news', 'disconnect'],
  [{ inbox: 'drop-oldest' }, null, 'drop-oldest'],
  [{ inbox: 'drop-oldest' }, 'news', 'disconnect'],
  [{ channels: 'latest' }, null, 'disconnect'],
  [{ channels: 'latest' }, 'news', 'latest'],
  [{ channels: 'latest' }, '$broadcast', 'disconnect'],
  [{ channels: { $broadcast: 'drop-oldest' } }, '$broadcast', 'drop-oldest'],
  [{ channels: { prices: 'latest' } }, 'prices', 'latest'],
  [{ channels: { prices: 'latest' } }, 'news', 'disconnect'],
  [{ channels: { prices: 'latest' } }, 'constructor', 'disconnect'],
])('%j says of %j: %s', (given, channel, policy) => {
  expect(slowReaderPolicy(given, channel)).toBe(policy);
});

test.each<[unknown]>([
  [null],
  ['latest'],
  [{ inbox: 'latest' }],
  [{ channels: 'newest' }],
  [{ channels: { prices: 'newest' } }],
  [{ channels: { '': 'latest' } }],
  [{ channels: ['prices'] }],
  [{ policy: 'latest' }],
])('%j is refused, by the SDK and in a token', (value) => {
  expect(() => parseSlowReader(value)).toThrow(expect.objectContaining({ code: 'bad_options' }));
  const claims = { aud: 'chat', sub: 'alice', jti: 'j', iat: 1, exp: 2, slowReader: value };
  expect(() => parseTokenClaims(claims)).toThrow(expect.objectContaining({ code: 'token_malformed' }));
});

test('what is well-formed is taken as it is', () => {
  const given: SlowReader = { inbox: 'drop-oldest', channels: { prices: 'latest', news: 'disconnect' } };
  expect(parseSlowReader(given)).toBe(given);
});
