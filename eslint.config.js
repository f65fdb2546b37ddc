import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { exportedDoc } from './scripts/lint/exported-doc.ts';
import { importFloors } from './scripts/lint/import-floors.ts';
import { typedProjects } from './scripts/project.ts';

const forbiddenSyntax = [
  {
    selector: 'TSEnumDeclaration',
    message: 'Use a union of literals or a frozen object; Node runs these sources as they are.',
  },
  { selector: 'ExportDefaultDeclaration', message: 'Export by name.' },
  { selector: 'ExportAllDeclaration', message: 'List what is exported.' },
];
const mutableState = [
  { selector: 'Program > VariableDeclaration[kind="let"]', message: 'No mutable module state.' },
  {
    selector: 'Program > ExportNamedDeclaration > VariableDeclaration[kind="let"]',
    message: 'No mutable module state.',
  },
];
const ownClock = { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'Time is an argument.' };

const tests = ['**/*.test.ts', 'test/**/*.ts'];

export default defineConfig(
  globalIgnores(['**/dist/**', '**/node_modules/**', '**/coverage/**', '**/.cache/**']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { project: typedProjects, tsconfigRootDir: import.meta.dirname } },
    plugins: { flotilla: { rules: { 'exported-doc': exportedDoc, 'import-floors': importFloors } } },
    rules: {
      eqeqeq: 'error',
      'max-lines': ['warn', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': ['error', ...forbiddenSyntax, ...mutableState],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'flotilla/import-floors': 'error',
    },
  },
  {
    files: [
      'sdk/*/src/**/*.ts',
      'services/*/src/**/*.ts',
      'operator/src/**/*.ts',
      'environment/src/**/*.ts',
      'scripts/**/*.ts',
    ],
    ignores: ['**/*.test.ts'],
    rules: {
      'max-lines-per-function': ['warn', { max: 50, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      'flotilla/exported-doc': 'error',
    },
  },
  {
    // The wire package computes and nothing else: a clock or chance in it could not be replayed on the other end.
    files: ['sdk/protocol/src/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        'performance',
        'crypto',
        'setTimeout',
        'setInterval',
        'queueMicrotask',
        'process',
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time is an argument.' },
        { object: 'Math', property: 'random', message: 'Chance is an argument.' },
      ],
      'no-restricted-syntax': ['error', ...forbiddenSyntax, ...mutableState, ownClock],
    },
  },
  {
    // Read at one sitting, and copied whole: each is a program of a page that says by itself what it does.
    files: ['examples/**/*.ts'],
    rules: { 'max-lines': ['error', { max: 80 }], 'flotilla/exported-doc': 'error' },
  },
  {
    files: tests,
    rules: { 'no-restricted-syntax': ['error', ...forbiddenSyntax], '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  { files: ['**/*.{js,mjs,cjs}'], ...tseslint.configs.disableTypeChecked },
  { files: ['*.config.js'], rules: { 'no-restricted-syntax': 'off' } },
);
