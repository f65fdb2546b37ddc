import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { startHeartbeat } from './subscriber-heartbeat.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function setup({ connected = true, fails = false } = {}) {
  const sent: string[] = [];
  let lost = 0;
  const send = (text: string) => {
    sent.push(text);
    return fails ? Promise.reject(new Error('away')) : Promise.resolve();
  };
  const heartbeat = startHeartbeat({ send, isConnected: () => connected, lost: () => (lost += 1) });
  return { heartbeat, sent, lost: () => lost };
}

describe('a subscription’s heartbeat', () => {
  it('is content while it hears itself', async () => {
    const { heartbeat, sent, lost } = setup();
    for (let i = 0; i < 10; i++) {
      await jest.advanceTimersByTimeAsync(1_000);
      heartbeat.heard(sent.at(-1) ?? '');
    }
    expect(sent).toHaveLength(10);
    expect(lost()).toBe(0);
    heartbeat.stop();
  });

  it('gives the connection up when two beats were published and not heard', async () => {
    const { heartbeat, lost } = setup();
    await jest.advanceTimersByTimeAsync(2_500);
    expect(lost()).toBe(0);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(lost()).toBe(1);
    heartbeat.stop();
  });

  it('concludes nothing from beats that could not be published, or without a connection', async () => {
    for (const situation of [{ fails: true }, { connected: false }]) {
      const { heartbeat, lost } = setup(situation);
      await jest.advanceTimersByTimeAsync(20_000);
      expect(lost()).toBe(0);
      heartbeat.stop();
    }
  });
});
