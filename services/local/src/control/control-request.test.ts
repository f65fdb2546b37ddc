import { describe, expect, test } from '@jest/globals';
import { parseControlRequest } from './control-request.ts';

describe('a request to the launcher', () => {
  test.each([
    ['scale', '5', { verb: 'scale', shards: 5 }],
    ['scale', 0, { verb: 'scale', shards: 0 }],
    ['restart', '1', { verb: 'restart', shard: 1 }],
    ['kill', 2, { verb: 'kill', shard: 2 }],
  ])('%s %j is understood', (verb, value, request) => {
    expect(parseControlRequest(verb, value)).toEqual(request);
  });

  test.each([
    ['scale', '33', 'scale takes a number of shards from 0 to 32: npm run scale -- 5'],
    ['scale', undefined, 'scale takes a number of shards from 0 to 32: npm run scale -- 5'],
    ['restart', '-1', 'restart takes the number of a shard: npm run restart -- 1'],
    ['kill', 1.5, 'kill takes the number of a shard: npm run kill -- 1'],
    ['stop', '1', 'There is no stop; there is scale, restart, kill.'],
  ])('%s %j is refused in a sentence', (verb, value, sentence) => {
    expect(parseControlRequest(verb, value)).toBe(sentence);
  });
});
