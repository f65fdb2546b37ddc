import { describe, expect, it } from '@jest/globals';
import { describeTarget, parseRedisUrl } from './url.ts';

const plain = { kind: 'standalone', isTls: false, username: null, password: null, db: 0, masterName: null };

describe('a Redis URL', () => {
  it('names one server', () => {
    expect(parseRedisUrl('redis://localhost')).toEqual({ ...plain, hosts: [{ host: 'localhost', port: 6379 }] });
    expect(parseRedisUrl('rediss://u:p%40ss@[::1]:7000/3')).toEqual({
      ...plain,
      isTls: true,
      username: 'u',
      password: 'p@ss',
      db: 3,
      hosts: [{ host: '::1', port: 7000 }],
    });
    expect(parseRedisUrl('redis://:secret@h')).toMatchObject({ username: null, password: 'secret' });
  });

  it('names a cluster', () => {
    const hosts = [
      { host: 'a', port: 6379 },
      { host: 'b', port: 7001 },
    ];
    expect(parseRedisUrl('redis+cluster://a,b:7001')).toEqual({ ...plain, kind: 'cluster', hosts });
    expect(parseRedisUrl('rediss+cluster://a,b:7001')).toEqual({ ...plain, kind: 'cluster', isTls: true, hosts });
  });

  it('names Sentinels and their master', () => {
    expect(parseRedisUrl('redis+sentinel://:pw@s1,s2:1/2?master=main')).toEqual({
      ...plain,
      kind: 'sentinel',
      password: 'pw',
      db: 2,
      masterName: 'main',
      hosts: [
        { host: 's1', port: 26_379 },
        { host: 's2', port: 1 },
      ],
    });
  });

  it('is refused with the forms it may have, and without repeating it', () => {
    const wrong = [
      '',
      'localhost:6379',
      'http://:secret@h',
      'redis://',
      'redis://:secret@h:99999',
      'redis://a,b',
      'redis+cluster://a/1',
      'redis+sentinel://a',
      'redis://h?master=x',
      'redis://h?secret=x',
      'redis://%zz@h',
      'redis://h/one',
    ];
    for (const url of wrong) {
      const refused = () => parseRedisUrl(url);
      expect(refused).toThrow(expect.objectContaining({ code: 'bad_options' }));
      expect(refused).toThrow(/redis\+sentinel:/);
      expect(refused).not.toThrow(/secret/);
    }
  });

  it('is described without credentials', () => {
    expect(describeTarget(parseRedisUrl('redis+cluster://u:pw@a,[::1]:7'))).toBe(
      'the Redis Cluster at a:6379, [::1]:7',
    );
  });
});
