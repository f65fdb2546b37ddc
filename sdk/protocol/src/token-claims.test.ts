import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isFlotillaError } from './errors.ts';
import { isGranted, parseGrants } from './grants.ts';
import { parseTokenClaims } from './token-claims.ts';

const setup = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  aud: 'chat',
  sub: 'alice',
  jti: 'j1',
  iat: 1.5,
  exp: 11.5,
  ...changes,
});

test('complete claims are read, unknown ones are left alone', () => {
  const claims = setup({
    grants: { send: ['bob'], subscribe: true, upstream: true },
    device: 'phone',
    replace: true,
    sessionExpiresAt: 5,
    metadata: { ip: '::1' },
    continues: 'c1',
    granted: { iat: 1, grants: { send: true } },
    iss: 'x',
  });
  expect(parseTokenClaims(claims)).toEqual(claims);
});

test.each<Record<string, unknown>>([
  { aud: undefined },
  { aud: ['chat'] },
  { sub: '' },
  { sub: 7 },
  { sub: '\ud800' },
  { jti: '' },
  { iat: '1' },
  { exp: Number.NaN },
  { grants: { sned: true } },
  { grants: { send: ['bob', 1] } },
  { grants: { upstream: 'yes' } },
  { grants: [] },
  { device: '' },
  { replace: false },
  { sessionExpiresAt: '1' },
  { metadata: 'x'.repeat(2_050) },
  { continues: 1 },
  { granted: 1 },
  { granted: { grants: { send: true } } },
  { granted: { iat: 1, grants: { sned: true } } },
])('%j is token_malformed', (changes) => {
  expect(() => parseTokenClaims(setup(changes))).toThrow(expect.objectContaining({ code: 'token_malformed' }));
});

test('the parsers throw nothing but FlotillaError', () => {
  const onlyOurs = (run: () => unknown): void => {
    try {
      run();
    } catch (error) {
      expect(isFlotillaError(error)).toBe(true);
    }
  };
  fc.assert(
    fc.property(fc.anything(), (value) => {
      onlyOurs(() => parseTokenClaims(value));
      onlyOurs(() => parseTokenClaims(setup({ grants: value, metadata: value })));
      onlyOurs(() => parseGrants(value));
    }),
  );
});

test('nothing is granted unless it is named, or everything is', () => {
  expect(isGranted(undefined, 'send', 'bob')).toBe(false);
  expect(isGranted({}, 'send', 'bob')).toBe(false);
  expect(isGranted({ send: ['bob'] }, 'send', 'bob')).toBe(true);
  expect(isGranted({ send: ['bob'] }, 'send', 'carol')).toBe(false);
  expect(isGranted({ send: ['bob'] }, 'publish', 'bob')).toBe(false);
  expect(isGranted({ publish: true }, 'publish', 'news')).toBe(true);
});
