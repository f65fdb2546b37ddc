import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import type { EngineConnection } from './engine-link.ts';
import { watchUntilConnect } from './silent-arrivals.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

function setup() {
  const counts = { terminated: 0, closed: 0 };
  const transport = { socket: { terminate: () => (counts.terminated += 1) } };
  // A peer that reads nothing: Socket.IO's own goodbye waits.
  const conn = Object.assign(new EventEmitter(), {
    transport,
    readyState: 'closing',
    close: () => (counts.closed += 1),
  });
  const tried = { value: false };
  watchUntilConnect(conn as unknown as EngineConnection, () => tried.value, 5_000);
  return { conn, counts, tried };
}

it('who has not said CONNECT in time is cut, whatever waits for it', () => {
  const { counts } = setup();
  jest.advanceTimersByTime(4_999);
  expect(counts.terminated).toBe(0);
  jest.advanceTimersByTime(1);
  expect(counts).toEqual({ terminated: 1, closed: 1 });
});

it('who says much before CONNECT is cut', () => {
  const { conn, counts } = setup();
  for (let i = 0; i < 8; i++) conn.emit('data');
  expect(counts.terminated).toBe(0);
  conn.emit('data');
  expect(counts.terminated).toBe(1);
});

it('who has said CONNECT is left to its session', () => {
  const { conn, counts, tried } = setup();
  tried.value = true;
  for (let i = 0; i < 100; i++) conn.emit('data');
  jest.advanceTimersByTime(10_000);
  expect(counts.terminated).toBe(0);
});
