import { describe, expect, it } from '@jest/globals';
import type { AcceptedFile } from '../../../src/words.ts';
import { sendFile } from './send-file.ts';
import { UploadProblem } from './upload-problem.ts';

const ACCEPTED = { id: 'm1' } as AcceptedFile;
const AWAY = new UploadProblem('The service cannot be reached.', 0);
const BUSY = new UploadProblem('That was a little fast.', 3_000);
const REFUSED = new UploadProblem('This file is empty.');

/** A service that answers so, one attempt after the other, each taking some time; the last answer stays. */
function setup(answers: readonly (Error | AcceptedFile)[], attemptMs = 0) {
  const seen = { nowMs: 0, posts: 0, agains: 0, waits: [] as number[] };
  const ending = new AbortController();
  const deps = {
    post: () => {
      const answer = answers[Math.min(seen.posts, answers.length - 1)] ?? ACCEPTED;
      seen.posts += 1;
      seen.nowMs += attemptMs;
      return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(answer);
    },
    again: () => void (seen.agains += 1),
    wait: (ms: number) => {
      seen.waits.push(ms);
      seen.nowMs += ms;
      return Promise.resolve();
    },
    nowMs: () => seen.nowMs,
  };
  return { seen, deps, ending, sent: () => sendFile(deps, ending.signal) };
}

describe('sending a file', () => {
  it('is repeated while the service cannot take it, less and less often', async () => {
    const { seen, sent } = setup([AWAY, AWAY, BUSY, AWAY, ACCEPTED]);
    expect(await sent()).toBe(ACCEPTED);
    expect(seen).toMatchObject({ posts: 5, agains: 4, waits: [500, 1_000, 3_000, 4_000] });
  });

  it('ends at once when it is refused', async () => {
    const { seen, sent } = setup([REFUSED]);
    await expect(sent()).rejects.toBe(REFUSED);
    expect(seen).toMatchObject({ posts: 1, agains: 0 });
  });

  it('is given up after 5 minutes without the service, not counting the time of the attempts', async () => {
    const { seen, sent } = setup([AWAY], 60_000);
    await expect(sent()).rejects.toBe(AWAY);
    const waitedMs = seen.waits.reduce((sum, ms) => sum + ms, 0);
    expect(waitedMs).toBeGreaterThan(300_000);
    expect(waitedMs).toBeLessThan(310_000);
  });

  it('is not repeated once it is cancelled', async () => {
    const { seen, deps, ending } = setup([AWAY]);
    const wait = (): Promise<void> => {
      ending.abort();
      return Promise.resolve();
    };
    await expect(sendFile({ ...deps, wait }, ending.signal)).rejects.toMatchObject({ name: 'AbortError' });
    expect(seen.posts).toBe(1);
  });
});
