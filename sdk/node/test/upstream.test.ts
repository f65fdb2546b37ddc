import { expect, test } from '@jest/globals';
import { createMemoryStore, type Store } from '@flotilla-im/store';
import { eventually, setup, storeWith, take } from './setup.ts';

function say(store: Store, clientId: string, id: string, data: string, format: 'json' | 'text' = 'json') {
  const connection = { clientId, connection: 'c1', device: null, metadata: { ip: '::1' } };
  return store.events.append('upstream', { type: 'frame', ...connection, id, data, format, at: 1 });
}

test('frames come in order per client, JSON parsed and texts as they are', async () => {
  const { im, store } = await setup();
  await say(store, 'alice', '1', '{"dial":"bob"}');
  await say(store, 'alice', '2', 'raw "text"', 'text');
  await say(store, 'alice', '3', '3');
  const frames = await take(im.upstream.frames({ group: 'calls' }), 3);
  expect(frames.map(({ data }) => data)).toEqual([{ dial: 'bob' }, 'raw "text"', 3]);
  expect(frames[0]).toMatchObject({
    clientId: 'alice',
    connection: 'c1',
    id: '1',
    metadata: { ip: '::1' },
    attempt: 1,
  });
});

test('without a group they are the default group, so that nothing is lost', async () => {
  const { im, store } = await setup();
  await say(store, 'alice', '1', '1');
  const seen: unknown[] = [];
  const listening = im.upstream.on(({ data }) => void seen.push(data));
  await eventually(() => expect(seen).toEqual([1]));
  await listening.close();
  await say(store, 'alice', '2', '2');
  expect(await im.upstream.backlog('default')).toBe(1);
  im.upstream.on(({ data }) => void seen.push(data));
  await eventually(() => expect(seen).toEqual([1, 2]));
  await eventually(async () => expect(await im.upstream.backlog('default')).toBe(0));
});

test('a frame that is no JSON after all is handed on as text and ends nothing', async () => {
  const { im, store } = await setup();
  await say(store, 'alice', '1', '{');
  await say(store, 'alice', '2', '2');
  expect((await take(im.upstream.frames(), 2)).map(({ data }) => data)).toEqual(['{', 2]);
});

test('a store that fails for a while loses nothing', async () => {
  const real = createMemoryStore({ cluster: 'chat' });
  let failures = 3;
  const read: Store['events']['read'] = (lease, limit) =>
    failures-- > 0 ? Promise.reject(new Error('gone')) : real.events.read(lease, limit);
  const { im } = await setup({ store: storeWith(real, { events: { read } }) });
  await say(real, 'alice', '1', '1');
  const stages: string[] = [];
  const frames = im.upstream.frames({ onError: (_, { stage }) => void stages.push(stage) });
  expect((await take(frames, 1)).map(({ data }) => data)).toEqual([1]);
  expect(new Set(stages)).toEqual(new Set(['store']));
});

test('what a group gave up on is kept for it, until the group is ended', async () => {
  const { im, store } = await setup();
  await say(store, 'alice', '1', '{"dial":"bob"}');
  im.upstream.on(() => Promise.reject(new Error('no line')), { group: 'calls', maxAttempts: 1 });
  const letters = () => im.upstream.deadLetters('calls', { limit: 10 });
  await eventually(async () =>
    expect(await letters()).toMatchObject([{ event: { data: { dial: 'bob' } }, error: 'Error: no line' }]),
  );
  await im.upstream.forget('calls');
  expect(await letters()).toEqual([]);
});
