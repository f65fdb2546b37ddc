import { ConfigError } from '@flotilla-im/environment';
import { describe, expect, it } from '@jest/globals';
import { compileConfig } from './config.ts';

const tokenKeys = { keys: [] };

describe('options given in code', () => {
  it('need a shard and keys only', () => {
    expect(compileConfig({ shard: 0, tokenKeys })).toMatchObject({ shard: 0, cluster: 'flotilla', tokenKeys });
  });

  it.each(['redis://h', 'rediss://h', 'redis+cluster://a,b', 'rediss+cluster://a,b', 'rediss+sentinel://a,b?master=m'])(
    'take %s as an address of Redis',
    (redisUrl) => {
      expect(compileConfig({ shard: 0, tokenKeys, redisUrl }).redisUrl).toBe(redisUrl);
    },
  );

  it.each([
    [{ shard: 0, tokenKeys, colour: 'red' }, 'colour is no option that this version knows.'],
    [{ shard: 0, tokenKeys, limits: { frames: 1 } }, 'limits.frames is no limit that this version knows.'],
    [{ tokenKeys }, 'shard is missing, and the hostname does not end in "-" and a number.'],
    [{ shard: -1, tokenKeys }, 'shard must be a whole number from 0 to 65535. It is -1.'],
    [{ shard: 0, tokenKeys, tokenKeysFile: 'x' }, 'Give either tokenKeysFile or tokenKeys, not both.'],
    [{ shard: 0, tokenKeys: {} }, 'tokenKeys must be a key set: { keys: [...] }. It is of another type.'],
  ])('%j is a fault', (given, sentence) => {
    expect(() => compileConfig(given)).toThrow(new ConfigError([sentence]));
  });
});
