import { expect, it } from '@jest/globals';
import { parseCookieSecrets } from './cookie-secrets.ts';

const jwks = (...secrets: string[]): string => JSON.stringify({ keys: secrets.map((k) => ({ kty: 'oct', k })) });
const [first, second] = ['x'.repeat(43), 'y'.repeat(43)];

it('each token key has a cookie secret of its own, in the same order', () => {
  const both = parseCookieSecrets(jwks(first, second));
  expect(both).toEqual([...parseCookieSecrets(jwks(first)), ...parseCookieSecrets(jwks(second))]);
  expect(new Set(both).size).toBe(2);
});

it('a cookie secret is not the token key', () => {
  expect(parseCookieSecrets(jwks(first))[0]).toMatch(/^[0-9a-f]{64}$/u);
});

it('an Ed25519 key has one as well', () => {
  expect(parseCookieSecrets(JSON.stringify({ keys: [{ kty: 'OKP', crv: 'Ed25519', d: first }] }))).toHaveLength(1);
});
