import { expect, it } from '@jest/globals';
import { CALL_ID, callOfChannel, channelOfCall, createCallId, dialledAtMs } from './call-id.ts';

const KEY = '0123456789abcdef'.repeat(2);

it('has when it was dialled, and all that its page has made up', () => {
  const call = createCallId(1_700_000_000_000, KEY);
  expect(call).toMatch(new RegExp(CALL_ID, 'u'));
  expect(call.endsWith(`.${KEY}`)).toBe(true);
  expect(dialledAtMs(call)).toBe(1_700_000_000_000);
});

it('is told from every other channel', () => {
  expect(callOfChannel(channelOfCall('a'))).toBe('a');
  expect(callOfChannel('a')).toBeNull();
});
