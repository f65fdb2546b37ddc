import { describe, expect, it } from '@jest/globals';
import { TYPING_SHOWN_MS, TypingSigns, typingWords } from './typing-signs.ts';

describe('a sign that somebody is typing', () => {
  it('vanishes after a while, unless it is renewed', () => {
    const signs = new TypingSigns();
    signs.heard('#Harbour', 'Bob', 0);
    signs.heard('#Harbour', 'Anna', 0);
    signs.heard('#Harbour', 'Bob', 3_000);
    expect(signs.in('#Harbour', TYPING_SHOWN_MS - 1)).toEqual(['Anna', 'Bob']);
    expect(signs.in('#Harbour', TYPING_SHOWN_MS)).toEqual(['Bob']);
    expect(signs.in('#Harbour', TYPING_SHOWN_MS + 3_000)).toEqual([]);
  });

  it('ends with what they wrote, in that conversation alone', () => {
    const signs = new TypingSigns();
    signs.heard('#Harbour', 'Bob', 0);
    signs.heard('@Bob', 'Bob', 0);
    signs.ended('@Bob', 'Bob');
    expect(signs.in('@Bob', 1)).toEqual([]);
    expect(signs.in('#Harbour', 1)).toEqual(['Bob']);
  });

  it('is a sentence', () => {
    expect(typingWords([])).toBe('');
    expect(typingWords(['Anna'])).toBe('Anna is typing …');
    expect(typingWords(['Anna', 'Bob'])).toBe('Anna and Bob are typing …');
    expect(typingWords(['Anna', 'Bob', 'Carol'])).toBe('3 people are typing …');
  });
});
