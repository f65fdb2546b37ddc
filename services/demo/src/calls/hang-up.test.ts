import { expect, test } from '@jest/globals';
import { type Flotilla, FlotillaError } from '@flotilla-im/sdk';
import { FlotillaCalls } from './calls.ts';
import type { StandingCalls } from './standing-calls.ts';

test('two ends of a call at once are one: the second is no failure, and the call is over', async () => {
  const ended: string[] = [];
  const standing: Partial<StandingCalls> = {
    otherThan: () => Promise.resolve('Bob'),
    end: (call) => Promise.resolve(void ended.push(call)),
  };
  const calls = new FlotillaCalls({
    flotilla: { send: () => Promise.reject(new FlotillaError('key_conflict')) } as unknown as Flotilla,
    standing: standing as StandingCalls,
    dropped: { isDropped: () => Promise.resolve(false), hasSaidGoodbye: () => Promise.resolve(false) },
    wallMs: () => 0,
    wait: () => Promise.resolve(),
  });
  await calls.hangUp('Anna', 'call', 'failed');
  expect(ended).toEqual(['call']);
});
