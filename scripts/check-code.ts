// What `typecheck` and `lint` say, from reading the sources once: rules ask what the type checker has found out already.
import { ESLint, type Linter } from 'eslint';
import { parser } from 'typescript-eslint';
import { projectRoot, typedProjects } from './project.ts';
import { formatDiagnostics, readPrograms, typeErrors } from './typed-programs.ts';

/** The parser of eslint.config.js, as far as it is used here; its own types leave the options out. */
interface TypedParser {
  parseForESLint(text: string, options: object): Linter.ESLintParseResult;
}

const read = readPrograms(typedProjects);
const errors = typeErrors(read);
process.stdout.write(formatDiagnostics(errors));

const programs = read.map(({ program }) => program);
const overPrograms: Linter.Parser = {
  ...parser,
  parseForESLint: (text, options: object) =>
    (parser as unknown as TypedParser).parseForESLint(text, { ...options, programs }),
};
const eslint = new ESLint({
  cwd: projectRoot,
  cache: true,
  cacheLocation: 'node_modules/.cache/eslint/',
  overrideConfig: { files: ['**/*.ts'], languageOptions: { parser: overPrograms } },
});
const results = await eslint.lintFiles(['.']);
process.stdout.write(await (await eslint.loadFormatter()).format(results));

if (errors.length > 0 || results.some(({ errorCount }) => errorCount > 0)) process.exitCode = 1;
