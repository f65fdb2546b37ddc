// Checks the built packages as their users would meet them: publint for the manifest, attw for how types resolve.
import { join } from 'node:path';
import { projectRoot, publishedPackages } from './project.ts';
import { runNode } from './run-command.ts';

const bin = (path: string): string => join(projectRoot, 'node_modules', path);
const publint = bin('publint/src/cli.js');
const attw = bin('@arethetypeswrong/cli/dist/index.js');

async function check(folder: string): Promise<boolean> {
  const cwd = join(projectRoot, folder);
  const results = [
    await runNode(publint, ['--strict', '--pack', 'npm'], { cwd }),
    await runNode(attw, ['--pack', '.', '--profile', 'esm-only', '--no-color', '--exclude-entrypoints', 'bundle'], {
      cwd,
    }),
  ];
  for (const { output } of results) process.stdout.write(output);
  return results.every(({ code }) => code === 0);
}

for (const folder of publishedPackages) {
  if (!(await check(folder))) process.exitCode = 1;
}
