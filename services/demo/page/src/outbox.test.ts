import { describe, expect, it } from '@jest/globals';
import { ApiError } from './api.ts';
import { Outbox } from './outbox.ts';

const ACCEPTED = { id: 'id', position: 'g.1', at: 1, state: 'sent' } as const;
const away = (): ApiError => new ApiError(0, 'away', 0);

/** A service that answers each request with the next of `answers`, then with success. */
function setup(answers: (ApiError | null)[] = []) {
  const requests: string[] = [];
  const clock = { ms: 0 };
  const outbox = new Outbox({
    send: ({ text }) => {
      requests.push(text);
      const answer = answers.shift();
      return answer ? Promise.reject(answer) : Promise.resolve(ACCEPTED);
    },
    wait: (ms) => {
      clock.ms += ms;
      return Promise.resolve();
    },
    nowMs: () => clock.ms,
  });
  const say = (text: string, channel = 'Harbour') => outbox.send({ channel, text, key: `key ${text}` });
  return { requests, clock, say };
}

describe('the outbox', () => {
  it('keeps the words of a conversation in order while the service is away', async () => {
    const { requests, say } = setup([away(), away(), null, away()]);
    await Promise.all([say('one'), say('two'), say('three')]);
    expect(requests).toEqual(['one', 'one', 'one', 'two', 'two', 'three']);
  });

  it('waits as long as the service asks for', async () => {
    const { clock, say } = setup([new ApiError(429, 'slowly', 3_000)]);
    await say('one');
    expect(clock.ms).toBe(3_000);
  });

  it('tells what is refused for good, and goes on with the next', async () => {
    const { requests, say } = setup([new ApiError(403, 'Join the channel first.', null)]);
    const outcomes = await Promise.allSettled([say('one'), say('two')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(requests).toEqual(['one', 'two']);
  });

  it('gives up before the service forgets the key', async () => {
    const { clock, say } = setup(Array.from({ length: 1_000 }, away));
    await expect(say('one')).rejects.toThrow('away');
    expect(clock.ms).toBeGreaterThan(4 * 60_000);
    expect(clock.ms).toBeLessThan(6 * 60_000);
  });
});
