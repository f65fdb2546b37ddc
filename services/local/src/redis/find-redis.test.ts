import { describe, expect, test } from '@jest/globals';
import { createFakeSystem } from '../testing/fake-system.ts';
import { debianRedis } from './debian-redis.ts';
import { dockerRedis } from './docker-redis.ts';
import { findRedis, type RedisFound } from './find-redis.ts';
import { redisOnPath } from './redis-on-path.ts';

type Programs = Parameters<typeof createFakeSystem>[0];

const redis = (version: string): Programs => ({
  'redis-server': () => ({ stdout: `Redis server v=${version} sha=0\n` }),
});
const docker: Programs = { docker: ([verb]) => ({ stdout: verb === 'info' ? 'linux\n' : 'sha256:1\n' }) };

async function look(programs: Programs): Promise<{ found: RedisFound; ran: string[] }> {
  const { system, ran } = createFakeSystem(programs);
  const ways = {
    onPath: redisOnPath(system),
    container: dockerRedis(system, () => {}),
    package: debianRedis(system, '/nowhere', () => {}),
  };
  return { found: await findRedis(ways), ran };
}

describe('looking for Redis', () => {
  test('takes what is installed, and asks nobody else', async () => {
    const { found, ran } = await look({ ...redis('7.0.15'), ...docker });
    expect(found).toEqual({
      kind: 'program',
      program: { title: 'Redis 7.0.15, from the PATH', path: '/bin/redis-server', env: {} },
    });
    expect(ran).toEqual(['redis-server --version']);
  });

  test('takes Valkey as well', async () => {
    const { found } = await look({ 'valkey-server': () => ({ stdout: 'Valkey server v=8.0.1 sha=0' }) });
    expect(found).toMatchObject({ program: { title: 'Valkey 8.0.1, from the PATH' } });
  });

  test('passes over a Redis that is too old', async () => {
    const { found } = await look({ ...redis('6.2.14'), ...docker });
    expect(found).toMatchObject({ kind: 'container', container: { image: 'redis:7' } });
  });

  test('passes over a docker whose engine does not answer', async () => {
    const { found } = await look({ docker: () => ({ code: 1, stderr: 'Cannot connect to the Docker daemon' }) });
    expect(found).toMatchObject({ kind: 'none' });
  });

  test('fetches the image when it is not there', async () => {
    const missing: Programs = { docker: ([verb]) => (verb === 'image' ? { code: 1 } : { stdout: 'linux\n' }) };
    expect((await look(missing)).ran.at(-1)).toBe('docker pull --quiet redis:7');
  });

  test('says for each way why it does not lead there', async () => {
    const { found } = await look({ ...redis('6.0.16') });
    expect(found).toEqual({
      kind: 'none',
      failures: [
        'redis-server or valkey-server on the PATH: /bin/redis-server is Redis 6.0.16, and 7 is needed',
        'a container: there is no docker',
        'Debian’s package, unpacked into a cache folder: this is no Debian',
      ],
    });
  });
});
