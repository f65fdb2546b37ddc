import { describe, expect, it } from '@jest/globals';
import { createOriginCheck } from './allowed-origin.ts';

describe('the origin check', () => {
  it('lets everybody in with a star, and whoever sends no Origin always', () => {
    expect(createOriginCheck(['*'])('https://anywhere.example')).toBe(true);
    expect(createOriginCheck(['https://a.example'])(undefined)).toBe(true);
  });

  it.each([
    ['https://a.example', true],
    ['HTTPS://A.EXAMPLE', true],
    ['http://a.example', false],
    ['https://a.example:8443', false],
    ['https://x.b.example', true],
    ['https://x.y.b.example', true],
    ['https://b.example', false],
    ['https://.b.example', false],
    ['https://evil.example/.b.example', false],
    ['https://evilb.example', false],
    ['null', false],
  ])('answers %s with %s', (origin, isAllowed) => {
    expect(createOriginCheck(['https://a.example', 'https://*.b.example'])(origin)).toBe(isAllowed);
  });
});
