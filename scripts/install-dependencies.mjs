// Brings node_modules to the state of package-lock.json. Runs before anything is installed: no dependencies.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Installs the dependencies when they are missing or not those of the lock file; otherwise takes a millisecond.
 *
 * @param {string} root the project's folder
 * @returns {Promise<string | undefined>} why it failed, in a sentence for the user
 */
export async function installWhenStale(root) {
  const modules = join(root, 'node_modules');
  const stamp = join(modules, '.flotilla-installed');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (readText(stamp) === wanted) return undefined;
  if (!isInstalled(root)) {
    // Progress goes to stderr: a task's stdout may be read by a program (npm start -- --json).
    const fresh = !existsSync(modules);
    process.stderr.write(`Installing ${fresh ? 'the' : 'changed'} dependencies${fresh ? ', about a minute' : ''} …\n`);
    const started = Date.now();
    const code = await npmInstall(root);
    if (code !== 0) return `Installing the dependencies failed (npm ended with ${code}); its messages are above.`;
    process.stderr.write(`Installed in ${Math.round((Date.now() - started) / 1000)} s.\n`);
  }
  writeFileSync(stamp, wanted);
  return undefined;
}

/** Whether npm's record of what it installed holds every package that the lock file asks for, in that version. */
function isInstalled(root) {
  const installed = readPackages(join(root, 'node_modules', '.package-lock.json'));
  if (installed === undefined) return false;
  const locked = readPackages(join(root, 'package-lock.json')) ?? {};
  return Object.entries(locked).every(([path, entry]) => {
    // Optional packages of other platforms are in the lock file but are rightly absent here.
    if (!path.startsWith('node_modules/') || entry.optional || entry.devOptional) return true;
    return entry.link ? path in installed : installed[path]?.version === entry.version;
  });
}

function readPackages(file) {
  const text = readText(file);
  return text === undefined ? undefined : JSON.parse(text).packages;
}

function readText(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** Runs npm in the way that works on every system: the script of the npm that started us, else the one on the PATH. */
function npmInstall(root) {
  const args = ['install', '--no-audit', '--no-fund', '--loglevel=error'];
  const script = process.env.npm_execpath;
  const options = { cwd: root, stdio: ['ignore', process.stderr, process.stderr], env: { ...process.env } };
  // Packages that build for production only would leave the compiler out.
  delete options.env.NODE_ENV;
  const child =
    script !== undefined && /npm(-cli)?\.c?js$/.test(script)
      ? spawn(process.execPath, [script, ...args], options)
      : spawn('npm', args, { ...options, shell: process.platform === 'win32' });
  return new Promise((resolve) => {
    child.on('error', () => resolve(1));
    child.on('exit', (code) => resolve(code ?? 1));
  });
}
