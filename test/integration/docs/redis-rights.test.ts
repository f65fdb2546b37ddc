import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { createFlotilla } from '@flotilla-im/sdk';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { launch } from '../../support/launch.ts';
import { eventually } from '../../support/eventually.ts';
import { startRedis } from '../redis-harness.ts';

/** The user of docs/operations.md, as arguments of ACL SETUSER. */
async function documentedUser(): Promise<string[]> {
  const path = fileURLToPath(new URL('../../../docs/operations.md', import.meta.url));
  const line = /^user flotilla .*$/m.exec(await readFile(path, 'utf8'))?.[0] ?? '';
  return line.split(' ').slice(1);
}

test('a whole cluster works with the rights that the documentation gives its Redis user', async () => {
  const redis = await startRedis();
  await redis.command('ACL', 'SETUSER', ...(await documentedUser()));
  const url = `redis://flotilla:password@${redis.host}:${redis.port}`;
  const cluster = await launch(18_500, ['--redis', url, '--cluster', 'chat']);
  const im = await createFlotilla({ redis: url, cluster: 'chat', tokenKeys: cluster.tokenKeysFile });
  const heard: unknown[] = [];
  const { url: address, token } = await im.connectInfo('alice');
  const plain = new WebSocket(`${address}?token=${token}`);
  plain.on('message', (text) => heard.push(JSON.parse((text as Buffer).toString())));
  const { socketIo, token: second } = await im.connectInfo('bob');
  const socket = io(socketIo.url, { path: socketIo.path, auth: { token: second }, transports: ['websocket'] });
  socket.on('message', (data) => heard.push(data));
  try {
    await im.channels.join('news', ['alice', 'bob']);
    await im.send({ from: null, to: 'alice', data: 1, key: 'once' });
    await im.channels.publish('news', { from: null, data: 2 });
    await eventually(() => expect(heard.toSorted()).toEqual([1, 2, 2]));
    await eventually(async () => expect(await im.presence.online(['alice', 'bob'])).toEqual([true, true]));
    expect((await im.fleet.current()).shards).toHaveLength(3);
    const stronger = im.send({ from: null, to: 'carol', data: 3, durability: { replicas: 1, timeoutMs: 50 } });
    await expect(stronger).rejects.toMatchObject({ code: 'unconfirmed' });
    expect(await im.disconnect('alice')).toBe(1);
    const log = (await redis.command('ACL', 'LOG')) as unknown[];
    expect(log).toEqual([]);
  } finally {
    plain.close();
    socket.close();
    await im.close();
    await cluster.stop();
    await redis.stop();
  }
}, 120_000);
