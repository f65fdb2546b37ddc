// Checks the packages, once built, as their users would meet them: publint for the manifest, attw for how types resolve.
import { packAll, packedTarballs } from './packed.ts';
import { publishedPackages } from './project.ts';
import { runNode } from './run-command.ts';

const publint = 'node_modules/publint/src/cli.js';
const attw = 'node_modules/@arethetypeswrong/cli/dist/index.js';
// The bundle is for a script element; it has no types and nobody resolves it.
const attwArguments = ['--profile', 'esm-only', '--no-color', '--exclude-entrypoints', 'bundle'];

async function check(tarball: string): Promise<boolean> {
  const results = [
    await runNode(publint, ['run', tarball, '--strict']),
    await runNode(attw, [tarball, ...attwArguments]),
  ];
  const failed = results.filter(({ code }) => code !== 0);
  for (const { output } of failed) process.stdout.write(output);
  return failed.length === 0;
}

const { code, output } = await packAll();
const tarballs = await packedTarballs();
if (code !== 0 || tarballs.length !== publishedPackages.length) {
  process.stdout.write(`The packages could not be packed.\n${output}`);
  process.exitCode = 1;
} else {
  for (const tarball of tarballs) {
    if (!(await check(tarball))) process.exitCode = 1;
  }
}
