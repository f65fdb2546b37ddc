import { expect, it } from '@jest/globals';
import { createKeys } from '../../../sdk/store/src/keys.ts';
import { createRedisPresenceStore } from '../../../sdk/store/src/redis-presence.ts';
import { openRedisConnection, type RedisConnection } from '../../../sdk/store/src/redis/connection.ts';
import { parseRedisUrl } from '../../../sdk/store/src/redis/url.ts';
import { compileStateOptions } from '../../../sdk/store/src/state-options.ts';
import { connectRequest } from '../../conformance/arrivals.ts';
import { useRedis } from './redis-store-setup.ts';

const fixture = useRedis();

it('a connect, a disconnect and the cursors of a partition are one command each', async () => {
  const redis = await fixture.redis();
  const target = parseRedisUrl(redis.url);
  const times = { commandTimeoutMs: 2_000, connectTimeoutMs: 2_000 };
  const connection = await openRedisConnection({ target, keys: createKeys('test'), ...times });
  fixture.later(() => connection.close(0));
  const sent: string[] = [];
  const counted: RedisConnection = {
    ...connection,
    command: (name, ...args) => {
      sent.push(name);
      return connection.command(name, ...args);
    },
    script: (name, ...args) => {
      sent.push(name);
      return connection.script(name, ...args);
    },
  };
  const presence = createRedisPresenceStore(counted, compileStateOptions(), () => Promise.resolve());
  const request = connectRequest('alice', {
    device: 'phone',
    replace: true,
    inboxAfter: { generation: '0', offset: 0 },
  });
  const { clientId, connection: name, incarnation } = request;
  await presence.connect(request);
  await presence.storeCursors(incarnation, [{ clientId, cursors: { device: 'phone' } }]);
  await presence.disconnect({ clientId, connection: name, incarnation, graceMs: 0, reason: '' });
  expect(sent).toEqual(['connect', 'store-cursors', 'disconnect']);
});
