// Writes the tables of docs/operations.md from the tables in the code; `--check` only tells whether they are the same.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { withTables } from './docs/operations-tables.ts';
import { projectRoot } from './project.ts';

const path = join(projectRoot, 'docs/operations.md');
const text = readFileSync(path, 'utf8');
const expected = await format(withTables(text), { ...(await resolveConfig(path)), parser: 'markdown' });
if (process.argv.includes('--check')) {
  if (text !== expected) {
    process.stderr.write('docs/operations.md does not say what the code does: npm run docs writes its tables.\n');
    process.exitCode = 1;
  }
} else {
  writeFileSync(path, expected);
}
