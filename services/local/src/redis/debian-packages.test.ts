import { describe, expect, test } from '@jest/globals';
import { createFakeSystem } from '../testing/fake-system.ts';
import { neededPackages, parseDepends } from './debian-packages.ts';

const redisDepends = `redis-server
  PreDepends: init-system-helpers
  Depends: lsb-base
    sysvinit-utils
  Depends: redis-tools
redis-tools
  Depends: adduser
  Depends: libc6
 |Depends: libjemalloc2
  Depends: libjemalloc1
  Depends: <libvirtual>
  Depends: liblzf1
`;

describe('what Debian’s Redis needs', () => {
  test('is read from apt, of alternatives the first', () => {
    expect(parseDepends(redisDepends)).toEqual([
      'init-system-helpers',
      'lsb-base',
      'redis-tools',
      'adduser',
      'libc6',
      'libjemalloc2',
      'liblzf1',
    ]);
  });

  test('is Redis and the libraries that are not installed, with theirs', async () => {
    const { system } = createFakeSystem({
      'apt-cache': (args) => ({
        stdout: args.includes('redis-tools') ? redisDepends : 'liblzf1\n  Depends: libc6\n  Depends: libdeep1\n',
      }),
      'dpkg-query': () => ({ code: 1, stdout: 'libjemalloc2:amd64 installed\nliblzf1:amd64 not-installed\n' }),
    });
    expect(await neededPackages(system, '/bin/apt-cache', [])).toEqual([
      'redis-server',
      'redis-tools',
      'liblzf1',
      'libdeep1',
    ]);
  });

  test('is unknown where apt knows no Redis', async () => {
    const { system } = createFakeSystem({ 'apt-cache': () => ({ code: 100 }) });
    expect(await neededPackages(system, '/bin/apt-cache', [])).toBeNull();
  });
});
