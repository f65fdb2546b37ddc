import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { packedTarballs } from '../../scripts/packed.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** A project outside the workspaces that has the packed packages among its dependencies and nothing else. */
export interface EmptyProject {
  /** Its folder, absolute. */
  readonly folder: string;
  /** Writes a file into it and runs that with plain Node, no condition set; gives what it wrote to stdout. */
  runScript(name: string, source: string): Promise<string>;
  /** Type-checks a file as a user with strict settings would; gives the compiler's complaints. */
  typeCheck(name: string, source: string): Promise<string>;
  /** Removes it. */
  remove(): Promise<void>;
}

/** Installs what is published into a new folder. Needs it built and packed, as the steps before these tests do. */
export async function createEmptyProject(): Promise<EmptyProject> {
  const tarballs = await packedTarballs();
  if (tarballs.length === 0) throw new Error('nothing is packed: npm test -- packages does it');
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-packed-'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }));
  await npm(folder, ['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', ...tarballs]);

  return {
    folder,
    async runScript(name, source) {
      await writeFile(join(folder, name), source);
      const { stdout } = await run(process.execPath, [name], { cwd: folder, env: plainEnvironment() });
      return stdout;
    },
    async typeCheck(name, source) {
      await writeFile(join(folder, name), source);
      const settings = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2024,dom'];
      const compiler = join(root, 'node_modules/typescript/bin/tsc');
      const types = ['--types', 'node', '--typeRoots', join(root, 'node_modules/@types')];
      const args = [compiler, ...settings, ...types, '--ignoreConfig', name];
      return run(process.execPath, args, { cwd: folder }).then(
        () => '',
        (error: unknown) => (error as { stdout: string }).stdout,
      );
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Runs npm by its script, which works on every system; where no npm started this run, the one on the PATH. */
async function npm(cwd: string, args: readonly string[]): Promise<void> {
  const script = process.env['npm_execpath'];
  const env = plainEnvironment();
  if (script?.endsWith('.js') === true) await run(process.execPath, [script, ...args], { cwd, env });
  else await run('npm', [...args], { cwd, env, shell: process.platform === 'win32' });
}

/** What npm and jest hand down and what would make the empty project a part of this one. */
const handedDown = /^(npm_(package|lifecycle|command|node|config_local_prefix)|INIT_CWD$|NODE_(ENV|OPTIONS|PATH)$)/i;

/** The environment of a user's terminal, with the Node of this run first on the PATH. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !handedDown.test(name));
  const path = `${dirname(process.execPath)}${delimiter}${process.env['PATH'] ?? ''}`;
  return { ...Object.fromEntries(kept), PATH: path };
}
