import { describe, expect, it } from '@jest/globals';
import { parseName } from './names.ts';

describe('a name', () => {
  it.each([
    ['Anna'],
    ['李小龍'],
    ['😀'],
    ['<img src=x onerror=alert(1)>'],
    ["Robert'); DROP TABLE clients;--"],
    ['../../etc/passwd'],
    ['..'],
    ['a/b?c#d'],
    ['__proto__'],
    ['constructor'],
    ['a|b'],
    ['x'.repeat(40)],
    ['😀'.repeat(32)],
  ])('may be %j: it is only ever text', (name) => {
    expect(parseName(name)).toBe(name);
  });

  it('loses the spaces at its ends', () => {
    expect(parseName('  Anna Maria ')).toBe('Anna Maria');
  });

  it('has one form, however it was typed', () => {
    expect(parseName('Zoe\u0308')).toBe('Zo\u00eb');
  });

  it.each([
    ['nothing', ''],
    ['only spaces', ' \t '],
    ['too many characters', 'x'.repeat(41)],
    ['too many bytes', '\u{1f600}'.repeat(33)],
    ['a control character', 'An\u0000na'],
    ['a line break', 'An\nna'],
    ['a line separator', 'An\u2028na'],
    ['text that runs the other way', 'Anna\u202egnp.exe'],
    ['a zero-width space', 'An\u200bna'],
    ['a lone surrogate', 'Anna\ud800'],
    ["the beginning of Flotilla's own names", '$broadcast'],
    ['a number', 7],
    ['an object', { toString: () => 'Anna' }],
    ['null', null],
  ])('cannot be or hold %s', (_, name) => {
    expect(() => parseName(name)).toThrow(expect.objectContaining({ statusCode: 400, code: 'bad_name' }));
  });
});
