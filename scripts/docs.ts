// Writes what documents and the chart's schema take from the code; `--check` only tells whether they are the same.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, type FormatConfig } from 'oxfmt';
import { withLimits } from './docs/chart-limits.ts';
import { chaosTables } from './docs/chaos-tables.ts';
import { chartTables, type ValuesSchema } from './docs/chart-values.ts';
import { withParts } from './docs/marked-tables.ts';
import { operationsTables } from './docs/operations-tables.ts';
import { projectRoot } from './project.ts';

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');
const schema = withLimits(read('charts/flotilla/values.schema.json'));
const valuesTables = chartTables(read('charts/flotilla/values.yaml'), JSON.parse(schema) as ValuesSchema);

const documents: readonly { readonly path: string; readonly text: string }[] = [
  { path: 'docs/operations.md', text: withParts(read('docs/operations.md'), operationsTables()) },
  { path: 'test/chaos/README.md', text: withParts(read('test/chaos/README.md'), chaosTables()) },
  { path: 'charts/flotilla/README.md', text: withParts(read('charts/flotilla/README.md'), valuesTables) },
  { path: 'charts/flotilla/values.schema.json', text: schema },
];
const { ignorePatterns: _, ...style } = JSON.parse(read('.oxfmtrc.json')) as FormatConfig & { ignorePatterns: unknown };

for (const { path, text } of documents) {
  const { code: expected, errors } = await format(path, text, style);
  if (errors.length > 0)
    throw new Error(`${path} cannot be formatted: ${errors.map(({ message }) => message).join(' ')}`);
  if (read(path) === expected) continue;
  if (process.argv.includes('--check')) {
    process.stderr.write(`${path} does not say what the code does: npm run docs writes it.\n`);
    process.exitCode = 1;
  } else {
    writeFileSync(join(projectRoot, path), expected);
  }
}
