import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { type ExampleProcess, examplesFolder, type ExampleScene, startExampleScene } from './example-process.ts';
import { ensurePython } from './python-environment.ts';

const folder = join(examplesFolder, 'python-device');
const environment = await ensurePython(join(folder, 'requirements.txt'));
if ('missing' in environment) console.warn(`The tests of the Python device are left out: ${environment.missing}`);
const python = 'python' in environment ? environment.python : '';
const testWithPython = 'python' in environment ? test : test.skip;

let scene: ExampleScene | undefined;
afterEach(async () => {
  await scene?.close();
  scene = undefined;
});

interface Setup {
  readonly scene: ExampleScene;
  readonly backend: ExampleProcess;
  readonly device: (key?: string) => ExampleProcess;
}

async function setup(): Promise<Setup> {
  const started = (scene = await startExampleScene());
  const backend = started.run('python-device/backend.ts', { PORT: '0' });
  const [, url = ''] = await backend.line(/^addresses at (.*)$/);
  return {
    scene: started,
    backend,
    device: (key = 'device-7:secret') =>
      started.spawn(python, [join(folder, 'device.py')], { ADDRESS_URL: url, DEVICE_KEY: key, INTERVAL_S: '0.5' }),
  };
}

/** The messages that the test sent, among what a device printed. */
const numbers = ({ lines }: ExampleProcess): string[] => lines().filter((line) => line.startsWith('{"n":'));

const send = (to: ExampleScene, n: number) => to.im.send({ from: null, to: 'device-7', data: { n } });

testWithPython('a device gets what waited for it and what comes, is heard, and ends at SIGTERM', async () => {
  const { scene, backend, device } = await setup();
  // Somebody else's client: no business of this one.
  const stranger = await scene.plain('stranger', { grants: { upstream: true } });
  await stranger.opened;
  stranger.ws.send('no reading');
  await send(scene, 1);
  const running = device();
  await running.line(/^\{"n":1\}$/);
  await send(scene, 2);
  await running.line(/^\{"n":2\}$/);
  await backend.line(/^device-7 \{"temperature": \d+(\.\d)?\}$/);
  await running.line(/^\{"cool":(true|false)\}$/);
  expect(numbers(running)).toEqual(['{"n":1}', '{"n":2}']);
  expect([running.stderr(), backend.stderr()]).toEqual(['', '']);
  expect(backend.lines().join()).not.toContain('stranger');
  running.terminate();
  backend.terminate();
  expect(await Promise.all([running.ended, backend.ended])).toEqual([0, 0]);
});

testWithPython('a device whose shard leaves, or is not there, comes again at another and misses nothing', async () => {
  const { scene, device } = await setup();
  const running = device();
  await send(scene, 1);
  await running.line(/^\{"n":1\}$/);
  const { shard } = await scene.im.connectInfo('device-7');
  await scene.publish({ shards: [1 - shard] });
  await scene.pods[shard]?.drain();
  await send(scene, 2);
  await running.line(/^\{"n":2\}$/);
  expect(running.stderr()).toMatch(/^closed: 1012 draining/);
  await scene.pods[1 - shard]?.kill();
  await eventually(() => expect(running.stderr()).toContain('failed: '));
  await send(scene, 3);
  await scene.publish({ shards: [(await scene.add()).shard] });
  await running.line(/^\{"n":3\}$/);
  expect(new Set(numbers(running))).toEqual(new Set(['{"n":1}', '{"n":2}', '{"n":3}']));
});

testWithPython(
  'a device that its business disconnects does not come again, and one that it refuses does not come',
  async () => {
    const { scene, backend, device } = await setup();
    const running = device();
    await backend.line(/^device-7 /);
    await scene.im.disconnect('device-7', { reason: 'sold' });
    expect(await running.ended).toBe(0);
    expect(running.stderr()).toBe('closed: 4500 sold\n');
    const refused = device('device-7:guessed');
    expect(await refused.ended).toBe(0);
    expect(refused.stderr()).toBe('no address: HTTP Error 403: Forbidden\n');
  },
);
