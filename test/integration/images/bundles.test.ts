import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { bareEnvironment } from '../../support/bare-environment.ts';
import { eventually } from '../../support/eventually.ts';
import { freePort, type PrivateRedis, startRedis } from '../redis-harness.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../../..', import.meta.url));
const images = ['im', 'operator', 'demo'];
let folder: string;
let redis: PrivateRedis;
const children: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'flotilla-images-'));
  await writeFile(
    join(folder, 'keys.json'),
    JSON.stringify({ keys: [{ kty: 'oct', kid: '1', alg: 'HS256', k: 'k'.repeat(43) }] }),
  );
  redis = await startRedis();
  const bundle = (image: string) => ['--conditions=flotilla-source', 'scripts/bundle.ts', image, join(folder, image)];
  await Promise.all(images.map((image) => run(process.execPath, bundle(image), { cwd: root, env: bareEnvironment() })));
}, 240_000);
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  await redis.stop();
  await rm(folder, { recursive: true });
});

/** Nothing of this run's settings: what a container has. */
function containerEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'] };
}

interface Program {
  readonly child: ChildProcess;
  readonly status: (path: string) => Promise<number>;
  readonly url: string;
}

async function start(image: string): Promise<Program> {
  const port = await freePort();
  const settings = {
    FLOTILLA_SHARD: '0',
    FLOTILLA_HOST: '127.0.0.1',
    FLOTILLA_PORT: String(port),
    FLOTILLA_DEMO_PORT: String(port),
    FLOTILLA_CLUSTER: `images-${image}`,
    FLOTILLA_REDIS_URL: redis.url,
    FLOTILLA_TOKEN_KEYS_FILE: join(folder, 'keys.json'),
  };
  const env = { ...containerEnvironment(), ...settings };
  const child = spawn(process.execPath, [join(folder, image, 'main.js')], { cwd: folder, env, stdio: 'ignore' });
  children.push(child);
  const url = `http://127.0.0.1:${port}`;
  return { child, url, status: async (path) => (await fetch(url + path)).status };
}

describe.each(images)('the image %s', (image) => {
  test('has its programs, the licenses of what is in them, and nothing else', async () => {
    const programs = image === 'operator' ? ['check.js', 'main.js', 'setup.js'] : ['main.js'];
    const files = ['LICENSES.txt', ...programs, 'package.json', 'programs'];
    expect((await readdir(join(folder, image))).sort()).toEqual(files.sort());
    expect((await readdir(join(folder, image, 'programs'))).sort()).toEqual(programs);
  });

  test('keeps the code of a rehearsal for every start under the same flags, and starts under others as well', async () => {
    const rehearsed = join(folder, 'rehearsed', image);
    await cp(join(folder, image), rehearsed, { recursive: true });
    const program = join(rehearsed, 'main.js');
    const env = containerEnvironment();
    await run(process.execPath, ['--no-opt', join(root, 'scripts/bundle/keep-code.mjs'), program], { env });
    const asked = `console.error(require('${program}').script.cachedDataRejected)`;
    const startWith = (flags: readonly string[]) =>
      run(process.execPath, [...flags, '--eval', asked, '--', program, '--help'], { env });
    await expect(startWith(['--no-opt'])).resolves.toMatchObject({ stderr: 'false\n' });
    await expect(startWith([])).resolves.toMatchObject({
      stderr: 'true\n',
      stdout: expect.stringContaining('FLOTILLA_'),
    });
  });

  test('tells of its settings wherever it lies', async () => {
    const elsewhere = join(folder, 'elsewhere', image);
    await cp(join(folder, image), elsewhere, { recursive: true });
    const main = join(elsewhere, 'main.js');
    const { stdout } = await run(process.execPath, [main, '--help'], { env: containerEnvironment() });
    expect(stdout).toContain('FLOTILLA_REDIS_URL');
  });
});

test.each(['im', 'demo'])('%s loads no second HTTP client to start', async (image) => {
  const listing = join(folder, 'listing.cjs');
  await writeFile(listing, `process.on('exit', () => process.stderr.write(process.moduleLoadList.join('\\n')));`);
  const args = ['--require', listing, join(folder, image, 'main.js'), '--help'];
  const { stderr } = await run(process.execPath, args, { env: containerEnvironment() });
  expect(stderr).toContain('NativeModule net\n');
  expect(stderr).not.toContain('undici');
});

test.each(['im', 'demo'])('%s serves with nothing beside it, and ends when it is told to', async (image) => {
  const { child, status } = await start(image);
  await eventually(async () => expect(await status('/readyz')).toBe(200));
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

test('the page is in the program', async () => {
  const { status, url } = await start('demo');
  await eventually(async () => expect(await status('/readyz')).toBe(200));
  await expect((await fetch(`${url}/page.js`)).text()).resolves.toContain('WebSocket');
  expect((await fetch(url)).headers.get('content-type')).toBe('text/html; charset=utf-8');
});

test.each([
  ['setup', 'FLOTILLA_REDIS_SERCET', 'FLOTILLA_REDIS_SECRET'],
  ['check', 'FLOTILLA_CHECK_ROUTE', 'FLOTILLA_CHECK_ROUTES'],
])(
  'the program %s of the operator names the variable that a misspelt one was meant to be',
  async (name, given, meant) => {
    const env = { ...containerEnvironment(), [given]: 'x' };
    await expect(run(process.execPath, [join(folder, 'operator', `${name}.js`)], { env })).rejects.toMatchObject({
      stderr: expect.stringContaining(`${given} is not read by anybody here; ${meant} was probably meant.\n`),
    });
  },
);

test.each(['setup', 'check'])('the program %s of the operator tells what it misses', async (name) => {
  const asked = run(process.execPath, [join(folder, 'operator', `${name}.js`)], { env: containerEnvironment() });
  await expect(asked).rejects.toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^FLOTILLA_\w+ is missing\.$/mu),
  });
});
