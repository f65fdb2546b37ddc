// Builds the published packages to their dist folders, each after those it depends on.
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot, publishedPackages } from './project.ts';
import { runCommand } from './run-command.ts';

/** The manifest's build scripts in npm's order. They run without npm, which is not there under every caller. */
async function buildScripts(cwd: string): Promise<readonly string[]> {
  const manifest = JSON.parse(await readFile(join(cwd, 'package.json'), 'utf8')) as {
    scripts?: Record<string, string>;
  };
  return ['prebuild', 'build', 'postbuild'].filter((name) => manifest.scripts?.[name] !== undefined);
}

async function build(folder: string): Promise<boolean> {
  const cwd = join(projectRoot, folder);
  await rm(join(cwd, 'dist'), { recursive: true, force: true });
  for (const name of await buildScripts(cwd)) {
    const { code, output } = await runCommand(process.execPath, ['--run', name], { cwd });
    process.stdout.write(output);
    if (code !== 0) return false;
  }
  process.stdout.write(`built ${folder}\n`);
  return true;
}

for (const folder of publishedPackages) {
  if (await build(folder)) continue;
  process.exitCode = 1;
  break;
}
