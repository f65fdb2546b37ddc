import { afterEach, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { type ExampleScene, startExampleScene } from './example-process.ts';

let scene: ExampleScene;
afterEach(() => scene.close());

const clients = Array.from({ length: 12 }, (_, i) => `client-${i}`);
const expected = clients.flatMap((clientId) => [`online ${clientId}`, `offline ${clientId}`]).toSorted();

test('two workers of a group share the events: each is handled once, and what came while none ran is not lost', async () => {
  scene = await startExampleScene();
  const workers = [scene.run('presence-worker/main.ts'), scene.run('presence-worker/main.ts')];
  await Promise.all(workers.map((worker) => worker.line(/^listening$/)));
  const peers = await Promise.all(clients.map((clientId) => scene.plain(clientId)));
  await eventually(() => {
    for (const { texts } of peers) expect(texts).toEqual([expect.stringContaining('"Welcome, client-')]);
  });
  for (const { ws } of peers) ws.close();
  const handled = (): string[] => workers.flatMap(({ lines }) => lines().filter((line) => line !== 'listening'));
  await eventually(() => expect(handled().toSorted()).toEqual(expected));
  for (const worker of workers) worker.terminate();
  expect(await Promise.all(workers.map(({ ended }) => ended))).toEqual([0, 0]);

  await scene.plain('late');
  await scene.served('late');
  const next = scene.run('presence-worker/main.ts');
  await next.line(/^online late$/);
  expect(next.lines().filter((line) => line !== 'listening')).toEqual(['online late']);
  expect([...workers, next].map(({ stderr }) => stderr())).toEqual(['', '', '']);
});

test('another group has every event for itself', async () => {
  scene = await startExampleScene({ count: 1 });
  const workers = ['greeters', 'auditors'].map((GROUP) => scene.run('presence-worker/main.ts', { GROUP }));
  await Promise.all(workers.map((worker) => worker.line(/^listening$/)));
  await scene.plain('alice');
  await Promise.all(workers.map((worker) => worker.line(/^online alice$/)));
});
