import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { freePort } from '../integration/redis-harness.ts';
import { eventually } from '../support/eventually.ts';
import { type ExampleProcess, examplesFolder, type ExampleScene, startExampleScene } from './example-process.ts';

let scene: ExampleScene;
afterEach(() => scene.close());

/** The chat handler, and pages in terminals. */
async function setup() {
  scene = await startExampleScene();
  const PORT = String(await freePort());
  await scene.run('chat-handler/main.ts', { PORT }).line(/^listening$/);
  const open = async (clientId: string): Promise<ExampleProcess> => {
    const door = `http://127.0.0.1:${PORT}/Handler1.ashx`;
    const page = scene.spawn(process.execPath, [join(examplesFolder, 'terminal-page/main.ts'), door, clientId]);
    await eventually(() => expect(page.stderr()).toContain('connected\n'));
    return page;
  };
  return { open };
}

test('a page in a terminal says what is typed and prints what it hears, also after its shard has gone', async () => {
  const { open } = await setup();
  const [a, b] = [await open('A'), await open('B')];
  a.stdin.write('B|hello\n');
  await b.line(/^hello$/);
  await scene.publish({ shards: [1] });
  await scene.pods[0]?.close();
  b.stdin.write('A|and you?\n');
  await a.line(/^and you\?$/);
  expect(b.lines()).toContain('hello');
});

test('it ends when there is nothing more to say, and where it is not wanted any more', async () => {
  const { open } = await setup();
  const [a, b] = [await open('A'), await open('B')];
  a.stdin.end('B|last words\n');
  expect(await a.ended).toBe(0);
  await b.line(/^last words$/);
  await scene.im.disconnect('B', { reason: 'closing time' });
  expect(await b.ended).toBe(0);
  expect(b.stderr()).toContain('closed: 4500 closing time');
});
