import { randomBytes } from 'node:crypto';
import { beforeAll, expect, it } from '@jest/globals';
import { createKeys } from '@flotilla-im/store';
import { eventually } from '../../support/eventually.ts';
import { endScenes, type Scene, startScene } from './scene.ts';

const keys = createKeys('edge-test');
let scene: Scene;

endScenes();
beforeAll(async () => {
  scene = await startScene({ environment: { FLOTILLA_LIMIT_RECONNECT_GRACE_MS: '1000' } });
});

/** A client gets what is sent to it, so the shard lives and serves. */
async function expectService(clientId: string): Promise<void> {
  const peer = await scene.served(clientId);
  await scene.flotilla.send({ from: null, to: clientId, data: 'served' });
  await peer.until(() => peer.texts.includes('"served"'));
  peer.socket.destroy();
}

it('passes over notifies that cannot be read, and counts them', async () => {
  const { redis, metric } = scene;
  const channel = `${keys.shardChannelPrefix}0`;
  const texts = [
    '',
    'd',
    'd damaged',
    'm 9999999 [1]',
    'm 3\n[1]',
    'l i 4\nx',
    'c x\n',
    'z',
    `d ${'1 '.repeat(10_000)}`,
  ];
  for (const text of texts) expect(await redis.command('PUBLISH', channel, text)).toBe(1);
  await eventually(async () => expect(await metric('unreadable_notifies_total')).toBeGreaterThanOrEqual(6));
  await expectService('alice');
});

it('outlives anything on the channels of Socket.IO', async () => {
  const { redis, pod } = scene;
  const key = 'fl1:edge-test:socket.io';
  const texts = [
    'x',
    '\u0093',
    '{"type":0,"rooms":5}',
    '{"type":1}',
    '{"type":2,"opts":{"rooms":7},"rooms":7}',
    '{"type":6}',
  ];
  const more = [
    'null',
    '{"type":3}',
    '{"type":7,"opts":null}',
    '[]',
    '{"type":6,"requestId":"1","data":1}',
    '{"type":5,"opts":{}}',
  ];
  for (const text of [...texts, ...more, randomBytes(40).toString('latin1')]) {
    for (const channel of [`${key}#/#`, `${key}-request#/#`, `${key}-response#/#`])
      await redis.command('PUBLISH', channel, text);
  }
  await expectService('bob');
  expect(pod.log().filter(({ level }) => level === 'fatal')).toEqual([]);
});

it('delivers what is left of a log of which entries are damaged', async () => {
  const { redis, flotilla, served } = scene;
  const log = keys.log({ kind: 'inbox', id: 'carol' });
  for (let n = 0; n < 5; n++) await flotilla.send({ from: null, to: 'carol', data: n });
  await redis.command('LSET', log, '1', 'damaged');
  await redis.command('LSET', log, '2', '17 j- 9999\n"id"');
  await redis.command('LSET', log, '4', '5 j- 12\n"id":"\\x","f1');
  const peer = await served('carol', { protocol: 'v1' });
  await flotilla.send({ from: null, to: 'carol', data: 5 });
  await peer.until(() => peer.texts.length >= 4);
  expect(peer.texts.slice(1).map((text) => (JSON.parse(text) as { data: unknown }).data)).toEqual([0, 3, 5]);
  const history: unknown[] = [];
  for await (const { data } of flotilla.history.inbox('carol')) history.push(data);
  expect(history).toEqual([0, 3, 5]);
});

it('keeps its map, its lease and its clients while others write nonsense beside them', async () => {
  const { redis, flotilla, port } = scene;
  const map = String(await redis.command('HGET', keys.map, 'map'));
  for (const damaged of ['{', '{"schema":1}', '[]', 'null']) {
    await redis.command('HSET', keys.map, 'map', damaged);
    await redis.command('PUBLISH', `${keys.hintChannelPrefix}map`, 'now');
  }
  for (const [field, value] of [
    ['x', ''],
    ['y', '1 0 {'],
    ['z', 'x y {}'],
    ['', '9 9 null'],
  ] as const) {
    await redis.command('HSET', keys.leases, field, value);
  }
  await redis.command('ZADD', keys.unsettled(7), '1', 'no JSON');
  await redis.command('ZADD', keys.unsettled(8), '1', '["news"]');
  await redis.command('HSET', keys.control('dave'), 'grants', '{"send":tr', 'refused', 'x', 'x:1', 'nonsense');
  await redis.command('HSET', keys.memberships('dave'), 'news', 'nonsense');
  await redis.command('HSET', keys.cursors('dave'), 'c', 'nonsense');
  await expectService('dave');
  await eventually(async () => expect(await redis.command('ZCARD', keys.unsettled(7))).toBe(0));
  // What is published counts, so addresses wait for a map that can be used.
  await expect(flotilla.connectInfo('dave')).rejects.toMatchObject({ code: 'bad_map' });
  await redis.command('HSET', keys.map, 'map', map);
  await eventually(async () => expect(await flotilla.connectInfo('dave')).toMatchObject({ shard: 0 }));
  await eventually(async () => expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200));
});

it('takes a lease of its own that was overwritten for a lost one, and registers anew', async () => {
  const { redis, store } = scene;
  const [before] = await store.leases.list();
  await redis.command('HSET', keys.leases, before?.incarnation ?? '', 'nonsense');
  await eventually(async () => {
    const leases = await store.leases.list();
    expect(leases.map(({ shard }) => shard)).toEqual([0]);
    expect(leases[0]?.incarnation).not.toBe(before?.incarnation);
  });
  await expectService('erin');
});

it('answers a client whose keys are of another kind with a documented code', async () => {
  const { redis, raw, pod } = scene;
  await redis.command('SET', keys.memberships('frank'), 'nonsense');
  const peer = await raw({ path: `/ws?token=${await pod.token({ sub: 'frank' })}` });
  await peer.until(() => peer.close !== null);
  expect(peer.close).toMatchObject({ code: 1011, reason: expect.stringMatching(/^internal: /u) });
  await expectService('heidi');
});

it('lets consumers of events pass over what is no event', async () => {
  const { redis, flotilla, served } = scene;
  const stop = new AbortController();
  const heard: string[] = [];
  const consuming = (async () => {
    for await (const { clientId } of flotilla.presence.events({ group: 'g', signal: stop.signal }))
      heard.push(clientId);
  })();
  await served('ivan');
  await eventually(() => expect(heard).toContain('ivan'));
  // More of them than a read brings.
  for (let partition = 0; partition < 256; partition += 1) {
    for (let n = 0; n < (partition < 4 ? 40 : 1); n++)
      await redis.command('XADD', keys.stream(partition, 'presence'), '*', 'n', '1', 'e', '{"type":');
  }
  for (let n = 0; n < 8; n++) await served(`judy-${n}`);
  await eventually(() => expect(heard.filter((clientId) => clientId.startsWith('judy'))).toHaveLength(8));
  stop.abort();
  await consuming;
});
