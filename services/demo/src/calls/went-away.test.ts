import { expect, test } from '@jest/globals';
import type { Flotilla } from '@flotilla-im/sdk';
import { createCallId } from './call-id.ts';
import { FlotillaCalls } from './calls.ts';
import type { StandingCalls } from './standing-calls.ts';

const KEY = '0'.repeat(32);

test('who went away earlier, as is told late, does not end a call that was dialled since', async () => {
  const [old, young] = [createCallId(1_700_000_000_000, KEY), createCallId(1_700_000_009_000, KEY)];
  const ended: string[] = [];
  const standing: Partial<StandingCalls> = {
    of: () => Promise.resolve([old, young]),
    members: () => Promise.resolve(['Anna', 'Bob']),
    end: (call) => Promise.resolve(void ended.push(call)),
  };
  const calls = new FlotillaCalls({
    flotilla: { send: () => Promise.resolve() } as unknown as Flotilla,
    standing: standing as StandingCalls,
    dropped: { isDropped: () => Promise.resolve(false), hasSaidGoodbye: () => Promise.resolve(false) },
    wallMs: () => 1_700_000_010_000,
    wait: () => Promise.resolve(),
  });
  await calls.wentAway('Bob', 1_700_000_005_000, 'dropped');
  expect(ended).toEqual([old]);
});
