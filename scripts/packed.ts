import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { projectRoot, publishedPackages } from './project.ts';
import { runCommand, type Outcome } from './run-command.ts';

const folder = join(projectRoot, 'node_modules/.cache/packed');

/** Packs what is published, as it is built now, in place of what was packed before. */
export async function packAll(): Promise<Outcome> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const workspaces = publishedPackages.flatMap((path) => ['--workspace', path]);
  return runNpm(['pack', '--pack-destination', folder, ...workspaces]);
}

/** The tarballs that {@link packAll} made, absolute paths; none when it has not run. */
export async function packedTarballs(): Promise<readonly string[]> {
  const files = await readdir(folder).catch(() => []);
  return files.filter((file) => file.endsWith('.tgz')).map((file) => join(folder, file));
}

/** Runs npm by its script, which works on every system; where no npm started this run, the one on the PATH. */
function runNpm(args: readonly string[]): Promise<Outcome> {
  const script = process.env['npm_execpath'];
  if (script?.endsWith('.js') === true) return runCommand(process.execPath, [script, ...args], { cwd: projectRoot });
  return runCommand('npm', args, { cwd: projectRoot, shell: process.platform === 'win32' });
}
