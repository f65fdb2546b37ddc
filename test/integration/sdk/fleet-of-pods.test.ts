import { afterEach, expect, test } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { type Pods, startPods } from '../im-core/pods.ts';

let pods: Pods;
afterEach(() => pods.close());

test('a move ends when all have gone that can be moved, also where a plain WebSocket stays', async () => {
  pods = await startPods({ count: 2 });
  await pods.publish({ owner: 0 });
  const page = await pods.welcomed('page');
  await pods.plain('device');
  await pods.served('device');
  const current = () => pods.im.fleet.current();
  await eventually(async () => expect((await current()).moves).toEqual([]));
  await pods.publish({ owner: 1 });
  await eventually(async () => {
    expect(await current()).toMatchObject({
      shards: [{ connections: 2, guests: 2, staying: 1 }, { connections: 0 }],
      moves: [{ from: 0, to: 1, guests: 1 }],
    });
  });
  page.ws.close(1000);
  await eventually(async () => {
    expect(await current()).toMatchObject({ shards: [{ connections: 1, guests: 1, staying: 1 }, {}], moves: [] });
  });
});
