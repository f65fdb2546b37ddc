import { expect, test } from '@jest/globals';
import { compileMap, ownerOf } from '@flotilla-im/protocol';
import type { Sending } from '../src/index.ts';
import { mapOf, setup, take } from './setup.ts';

const ids = Array.from({ length: 20 }, (_, i) => `client-${i}`);

test('a hook sees a send once per shard that owns receivers, before anything goes out', async () => {
  const seen: (Sending & { inboxes: number })[] = [];
  const { im, store } = await setup({
    onSend: async (sending) => {
      const inbox = await store.logs.meta({ kind: 'inbox', id: sending.receivers[0] ?? '' });
      seen.push({ ...sending, inboxes: inbox.last });
    },
  });
  await store.map.publish(mapOf(2, 1));
  await im.fleet.current();
  const data = { text: 'hi' };
  await im.send({ from: 'bob', to: ids, data, receipt: true });
  const owned = (shard: number) => ids.filter((id) => ownerOf(compileMap(mapOf(2, 1)), id)?.id === shard);
  expect(seen.toSorted((a, b) => (a.shard ?? 0) - (b.shard ?? 0))).toEqual(
    [0, 1].map((shard) => ({
      from: 'bob',
      receivers: owned(shard),
      channel: null,
      shard,
      data,
      live: false,
      receipt: true,
      inboxes: 0,
    })),
  );
});

test('a hook sees channel messages and broadcasts once', async () => {
  const { im } = await setup();
  const seen: Sending[] = [];
  im.onSend((sending) => void seen.push(sending));
  await im.channels.publish('news', { from: null, data: 1, live: true });
  await im.broadcast({ from: null, data: 2 });
  expect(seen).toMatchObject([
    { channel: 'news', shard: null, receivers: [], live: true },
    { channel: '$broadcast', shard: null, receivers: [], live: false },
  ]);
});

test('what a hook throws aborts the whole send, with the exception as its cause', async () => {
  const { im } = await setup();
  const cause = new Error('not on sundays');
  im.onSend(() => Promise.reject(cause));
  const sending = im.send({ from: 'bob', to: ['alice', 'carol'], data: 1 });
  await expect(sending).rejects.toMatchObject({ code: 'aborted', retryable: false, cause });
  await expect(im.channels.publish('news', { from: 'bob', data: 1 })).rejects.toMatchObject({ code: 'aborted' });
  expect(await take(im.history.inbox('alice'), 1)).toEqual([]);
  expect(await take(im.history.channel('news'), 1)).toEqual([]);
});

test('a hook that was removed sees nothing more', async () => {
  const { im } = await setup();
  const seen: Sending[] = [];
  const remove = im.onSend((sending) => void seen.push(sending));
  await im.send({ from: null, to: 'alice', data: 1 });
  remove();
  await im.send({ from: null, to: 'alice', data: 2 });
  expect(seen).toHaveLength(1);
});
