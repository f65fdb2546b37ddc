import { afterEach, describe, expect, test } from '@jest/globals';
import { createKubernetesScene, type KubernetesScene, PATHS, patiently } from './kubernetes-scene.ts';

const open: KubernetesScene[] = [];
afterEach(async () => {
  for (const scene of open.splice(0)) await scene.close();
});

async function setup(count: number): Promise<KubernetesScene> {
  const scene = await createKubernetesScene();
  open.push(scene);
  scene.scale(count);
  return scene;
}

const passes = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('the operator and an API server that misbehaves', () => {
  test('ends when nothing answers for too long, changes nothing meanwhile, and goes on where it was', async () => {
    const { start, untilUp, api, store, silence } = await setup(3);
    const first = start();
    const epoch = await untilUp(3);
    api.fault = () => 'blackhole';
    api.isMute = true;
    silence(2);
    expect(await first.ended).toBe(4);
    const second = start();
    expect((await second.get('/readyz')).status).toBe(503);
    expect((await second.get('/livez')).status).toBe(200);
    expect((await store.map.read())?.epoch).toBe(epoch);
    api.fault = () => null;
    api.isMute = false;
    expect(await untilUp(2)).toBe(epoch + 1);
  });

  test('lives through failures that are shorter than its Lease', async () => {
    const { start, untilUp, api, scale } = await setup(2);
    const operator = start();
    await untilUp(2);
    api.hangUp('reset');
    let left = 8;
    api.fault = () => (left-- > 0 ? { status: 500 } : null);
    scale(3);
    await untilUp(3);
    expect((await operator.get('/readyz')).status).toBe(200);
  });

  test('lists again when its version is forgotten', async () => {
    const { start, untilUp, api, scale } = await setup(2);
    const operator = start();
    await untilUp(2);
    api.isMute = true;
    scale(3);
    api.isMute = false;
    api.compact();
    await untilUp(3);
    expect((await operator.get('/metrics')).text).toMatch(
      /flotilla_operator_follow_breaks_total\{kind="pods"\} [1-9]/u,
    );
  });

  test('waits as long as a busy API server asks it to', async () => {
    const { start, untilUp, api } = await setup(2);
    start();
    await untilUp(2);
    const refusedMs: number[] = [];
    api.fault = ({ collection }) => {
      if (collection !== PATHS.pods || refusedMs.length === 3) return null;
      refusedMs.push(performance.now());
      return { status: 429, headers: { 'retry-after': '2' } };
    };
    api.hangUp('end');
    await patiently(() => expect([refusedMs.length, api.watching()]).toEqual([3, 5]));
    const waitsMs = refusedMs.slice(1).map((atMs, i) => atMs - (refusedMs[i] ?? atMs));
    expect(waitsMs.filter((ms) => ms < 1_900)).toEqual([]);
  });

  test('takes up a token that was rotated', async () => {
    const { start, untilUp, scale, rotate } = await setup(2);
    const operator = start();
    await untilUp(2);
    await rotate('second');
    scale(3);
    await untilUp(3);
    expect(operator.log().map(({ msg }) => msg)).not.toContain('operator stopped');
  });

  test('leaves the map alone while it may not see pods, and goes on when it may', async () => {
    const { start, untilUp, api, silence, map } = await setup(3);
    const operator = start();
    const epoch = await untilUp(3);
    api.fault = ({ collection }) => (collection === PATHS.pods ? { status: 403 } : null);
    api.hangUp('end');
    const messages = (): unknown[] => operator.log().map(({ msg }) => msg);
    await patiently(() => expect(messages()).toContain('shards are not known, the map stays'));
    silence(1);
    // Longer than a shard may be silent.
    await passes(7_000);
    expect(map().epoch).toBe(epoch);
    api.fault = () => null;
    await untilUp(2);
    await patiently(() => expect(messages()).toContain('shards are known again'));
  });

  test('lends a lost shard’s slots although it may not write Services', async () => {
    const { start, untilUp, api, silence, configMap } = await setup(3);
    start();
    await untilUp(3);
    api.fault = ({ collection, method }) =>
      collection === PATHS.services && method !== 'GET' ? { status: 403, message: 'services are forbidden' } : null;
    api.table.remove(PATHS.services, 'im-s0');
    silence(1);
    await untilUp(2);
    await patiently(() => {
      const status = (configMap()?.['data'] as Record<string, string>)['status.json'];
      expect(status).toContain('"type":"Exposed","status":"False","reason":"WriteFailed"');
    });
  });
});
