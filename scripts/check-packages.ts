// Checks the built packages as their users would meet them: publint for the manifest, attw for how types resolve.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, publishedPackages } from './project.ts';
import { runNode } from './run-command.ts';

const bin = (path: string): string => join(projectRoot, 'node_modules', path);
const publint = bin('publint/src/cli.js');
const attw = bin('@arethetypeswrong/cli/dist/index.js');
// The bundle is for a script element; it has no types and nobody resolves it.
const attwArguments = ['--pack', '.', '--profile', 'esm-only', '--no-color', '--exclude-entrypoints', 'bundle'];

async function check(folder: string): Promise<boolean> {
  const cwd = join(projectRoot, folder);
  if (!existsSync(join(cwd, 'dist'))) {
    process.stdout.write(`${folder} is not built.\n`);
    return false;
  }
  const results = [
    await runNode(publint, ['--strict', '--pack', 'npm'], { cwd }),
    await runNode(attw, attwArguments, { cwd }),
  ];
  const failed = results.filter(({ code }) => code !== 0);
  for (const { output } of failed) process.stdout.write(output);
  return failed.length === 0;
}

for (const folder of publishedPackages) {
  if (!(await check(folder))) process.exitCode = 1;
}
