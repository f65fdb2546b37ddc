import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { type ExampleProcess, type ExampleScene, startExampleScene } from './example-process.ts';

let scene: ExampleScene;
beforeEach(async () => {
  scene = await startExampleScene();
});
afterEach(() => scene.close());

const notice = (key: string, text = 'on its way') => `${JSON.stringify({ key, to: 'alice', text })}\n`;

function setup(...lines: readonly string[]): ExampleProcess {
  const notifier = scene.run('notifier/main.ts');
  for (const line of lines) notifier.stdin.write(line);
  return notifier;
}

/** What stands in alice's inbox. */
async function inbox(): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const { data } of scene.im.history.inbox('alice')) found.push(data);
  return found;
}

test('a notice that two workers send under one key arrives once, and both hear that it did', async () => {
  const first = setup(notice('order-1'));
  await first.line(/^order-1 offline$/);
  const second = setup(notice('order-1'), notice('order-2'));
  await second.line(/^order-2 offline$/);
  const alice = await scene.plain('alice');
  await Promise.all([first.line(/^order-1 delivered$/), second.line(/^order-2 delivered$/)]);
  expect(alice.texts).toEqual(['{"text":"on its way"}', '{"text":"on its way"}']);
  for (const { stdin } of [first, second]) stdin.end();
  expect(await Promise.all([first.ended, second.ended])).toEqual([0, 0]);
  expect(first.lines()).toEqual(['order-1 sent', 'order-1 offline', 'order-1 delivered']);
  expect(second.lines()).toContain('order-1 was sent before');
  expect(second.lines()).toContain('order-1 delivered');
});

test('while Redis does not answer it repeats, and nothing is sent twice for that', async () => {
  const notifier = setup(notice('order-1'));
  await notifier.line(/^order-1 sent$/);
  scene.redis?.pause();
  notifier.stdin.write(notice('order-2', 'delayed'));
  await eventually(() => expect(notifier.stderr()).toMatch(/^order-2 again, since (timeout|store_unavailable)$/m));
  scene.redis?.resume();
  await notifier.line(/^order-2 (sent|was sent before)$/);
  expect(await inbox()).toEqual([{ text: 'on its way' }, { text: 'delayed' }]);
});

test('what cannot be sent is told and holds up nothing, and SIGTERM ends it while it waits for a receipt', async () => {
  const notifier = setup(notice('order-1'), notice('order-1', 'something else'), 'no JSON\n', notice('order-2'));
  await notifier.line(/^order-2 offline$/);
  expect(notifier.stderr().split('\n')).toHaveLength(3);
  expect(await inbox()).toHaveLength(2);
  const stopped = setup(notice('order-3'));
  await stopped.line(/^order-3 offline$/);
  stopped.terminate();
  expect(await stopped.ended).toBe(0);
  expect(stopped.stderr()).toBe('');
});
