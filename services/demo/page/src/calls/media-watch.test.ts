import { describe, expect, it } from '@jest/globals';
import { GIVE_UP_MS, MediaWatch } from './media-watch.ts';

/** A watch over a connection, with a clock that the test turns. */
function setup() {
  const happened: string[] = [];
  const timers = new Set<{ readonly atMs: number; readonly act: () => void }>();
  let nowMs = 0;
  const watch = new MediaWatch({
    restart: () => happened.push(`restart at ${nowMs}`),
    giveUp: () => happened.push(`give up at ${nowMs}`),
    tell: (media) => happened.push(media),
    later: (act, ms) => {
      const timer = { atMs: nowMs + ms, act };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  });
  const until = (ms: number): void => {
    for (;;) {
      const due = [...timers].filter(({ atMs }) => atMs <= ms).sort((a, b) => a.atMs - b.atMs)[0];
      if (due === undefined) break;
      timers.delete(due);
      nowMs = due.atMs;
      due.act();
    }
    nowMs = ms;
  };
  return { watch, until, happened, timers };
}

describe('the watch over the way between two browsers', () => {
  it('gives up when none is found', () => {
    const { until, happened, timers } = setup();
    until(GIVE_UP_MS);
    expect(happened).toEqual([`give up at ${GIVE_UP_MS}`]);
    expect(timers.size).toBe(0);
  });

  it('looks for another one when it failed, at once, and again', () => {
    const { watch, until, happened } = setup();
    watch.changed('connected');
    watch.changed('failed');
    until(9_000);
    expect(happened).toEqual(['connected', 'lost', 'restart at 0', 'restart at 4000', 'restart at 8000']);
    until(30_000);
    expect(happened.at(-1)).toBe(`give up at ${GIVE_UP_MS}`);
  });

  it('leaves a short interruption alone', () => {
    const { watch, until, happened, timers } = setup();
    watch.changed('connected');
    watch.changed('disconnected');
    until(3_000);
    watch.changed('connected');
    until(60_000);
    expect(happened).toEqual(['connected', 'lost', 'connected']);
    expect(timers.size).toBe(0);
  });

  it('does nothing once it is closed', () => {
    const { watch, until, happened } = setup();
    watch.changed('failed');
    watch.close();
    until(60_000);
    expect(happened).toEqual(['connecting']);
  });
});
