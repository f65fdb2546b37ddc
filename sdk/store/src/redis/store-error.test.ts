import { describe, expect, it } from '@jest/globals';
import { FlotillaError } from '@flotilla-im/protocol';
import { storeError } from './store-error.ts';

const codeOf = (message: string) => storeError(new Error(message)).code;

describe('an error of the Redis client', () => {
  it('is retryable where it can pass by itself', () => {
    const passing = [
      'Connection is closed.',
      "Stream isn't writeable and enableOfflineQueue options is false",
      'connect ECONNREFUSED 127.0.0.1:1',
      'Reached the max retries per request limit (which is 0). Refer to "maxRetriesPerRequest" option for details.',
      'LOADING Redis is loading the dataset in memory',
      "READONLY You can't write against a read only replica. script: abc, on @user_script:7.",
      "OOM command not allowed when used memory > 'maxmemory'. script: abc, on @user_script:3.",
      'CLUSTERDOWN The cluster is down',
      'MISCONF Redis is configured to save RDB snapshots, but it is currently unable to persist to disk.',
      'BUSY Redis is busy running a script.',
      'Too many Cluster redirections. Last error: ReplyError: MOVED 1 127.0.0.1:1',
    ];
    expect(passing.map(codeOf)).toEqual(passing.map(() => 'store_unavailable'));
  });

  it('is final where credentials or rights are missing', () => {
    const refused = [
      'NOAUTH Authentication required.',
      'WRONGPASS invalid username-password pair or user is disabled.',
      "NOPERM this user has no permissions to run the 'evalsha' command",
      "ERR The user executing the script can't run this command or subcommand script: abc, on @user_script:3.",
      'ERR invalid password',
      'ERR DB index is out of range',
    ];
    expect(refused.map(codeOf)).toEqual(refused.map(() => 'store_unsupported'));
  });

  it('is internal where a script is at fault', () => {
    expect(codeOf('ERR user_script:5: attempt to compare nil with number script: a, on @user_script:5.')).toBe(
      'internal',
    );
    expect(codeOf('WRONGTYPE Operation against a key holding the wrong kind of value')).toBe('internal');
    expect(codeOf("CROSSSLOT Keys in request don't hash to the same slot")).toBe('internal');
  });

  it('stays what it is when it is one of ours already', () => {
    const own = new FlotillaError('key_conflict');
    expect(storeError(own)).toBe(own);
  });
});
