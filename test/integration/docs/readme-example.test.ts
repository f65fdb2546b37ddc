import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { launch } from '../../support/launch.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

/** The first program of the README, word for word but for where the cluster of this test is. */
async function example(cluster: { redis: string | null; cluster: string; tokenKeysFile: string }): Promise<string> {
  const readme = await readFile(join(root, 'README.md'), 'utf8');
  const program = /```js\n([^]*?)```/.exec(readme)?.[1] ?? '';
  return program
    .replace('redis://127.0.0.1:6380', cluster.redis ?? '')
    .replace("'local'", `'${cluster.cluster}'`)
    .replace('.flotilla/token-keys.json', cluster.tokenKeysFile);
}

test('the first program in the README does what it says', async () => {
  const cluster = await launch(18_400);
  const folder = join(root, 'node_modules/.cache/readme-example');
  try {
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'hello.mjs'), await example(cluster));
    const child = spawn(process.execPath, ['--conditions=flotilla-source', join(folder, 'hello.mjs')], { cwd: root });
    const said: string[] = [];
    child.stdout.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(said.join('').split('\n')).toEqual([
      expect.stringMatching(/^accepted at [0-9a-f]{12}\.1$/),
      'alice got {"text":"Are you there?"}',
      'alice delivered',
      'online: [ true, false ]',
      'alice got {"headline":"Flotilla sails"}',
      expect.stringMatching(/^closed 1005 $/),
      '',
    ]);
  } finally {
    await rm(folder, { recursive: true, force: true });
    await cluster.stop();
  }
}, 120_000);
