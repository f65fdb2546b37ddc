import { expect, test } from '@jest/globals';
import { Linter } from 'eslint';
import { parser } from 'typescript-eslint';
import { exportedDoc } from './exported-doc.ts';

function complaints(code: string): string[] {
  const config: Linter.Config = {
    files: ['**/*.ts'],
    languageOptions: { parser },
    plugins: { flotilla: { rules: { 'exported-doc': exportedDoc } } },
    rules: { 'flotilla/exported-doc': 'error' },
  };
  return new Linter().verify(code, [config], 'some.ts').map(({ message }) => message);
}

test('an export without a doc comment is named', () => {
  expect(complaints('export const limit = 3;')).toEqual(['Say in a doc comment what limit is.']);
  expect(complaints('// Not a doc comment.\nexport interface Shape { a: string }')).toHaveLength(1);
  expect(complaints('export type Name = string;')).toHaveLength(1);
});

test('an export with a doc comment, and a list of names documented elsewhere, are right', () => {
  expect(complaints('/** In bytes. */\nexport const limit = 3;')).toEqual([]);
  expect(complaints("export { limit } from './limits.ts';")).toEqual([]);
});

test('a further declaration of a documented name needs no second comment', () => {
  expect(complaints('/** An id. */\nexport type Id = string;\nexport function Id(): Id { return ""; }')).toEqual([]);
});
