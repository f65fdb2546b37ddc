import { expect, test } from '@jest/globals';
import { backoffMs } from './backoff.ts';
import { ScriptedWorld } from '../test/scripted-world.ts';

const options = { backoffBaseMs: 200, backoffCapMs: 20_000 };

function setup(): ScriptedWorld {
  const world = new ScriptedWorld();
  world.machine.start();
  return world;
}

/** Fails attempts until `waits` times have been told. */
function waitsAfter(world: ScriptedWorld, waits: number): number[] {
  for (let i = 0; i < waits; i++) {
    world.answer();
    world.socket.end();
    const state = world.states.at(-1);
    world.advance(state?.type === 'waiting' ? state.retryInMs : 0);
  }
  return world.states.flatMap((state) => (state.type === 'waiting' ? [state.retryInMs] : []));
}

test('the wait is full jitter: anything from nothing to a ceiling that doubles up to the cap', () => {
  expect([0, 1, 2, 6, 7, 99].map((failures) => backoffMs(options, failures, 1))).toEqual([
    200, 400, 800, 12_800, 20_000, 20_000,
  ]);
  expect(backoffMs(options, 5, 0)).toBe(0);
  expect(backoffMs(options, 5, 0.25)).toBe(1_600);
});

test('what the shard asks for is waited at least, with the jitter after it', () => {
  expect(backoffMs(options, 0, 0.5, 3_000)).toBe(3_100);
  expect(backoffMs(options, 0, 0.5, Number.MAX_SAFE_INTEGER)).toBe(2 ** 31 - 1);
});

test('every failure is told with its wait and its reason, and the next attempt asks for an address anew', () => {
  const world = setup();
  expect(waitsAfter(world, 4)).toEqual([100, 200, 400, 800]);
  expect(world.states[1]).toEqual({ type: 'waiting', retryInMs: 100, reason: 'closed_1006' });
  expect(world.asked).toHaveLength(5);
});

test('a connection that lasted begins the waits anew, one that was welcomed and closed at once does not', () => {
  const world = setup();
  waitsAfter(world, 3);
  world.serve().end(1013, 'overloaded');
  expect(world.states.at(-1)).toMatchObject({ retryInMs: 800 });
  world.advance(800);
  world.serve();
  world.advance(5_000);
  world.socket.end(1012, 'draining');
  expect(world.states.at(-1)).toMatchObject({ retryInMs: 100, reason: 'draining' });
});

test('the time in a close reason is honoured', () => {
  const world = setup();
  world.answer();
  world.socket.open().end(1013, 'overloaded: too many arrivals retry-after-ms=2500');
  expect(world.states.at(-1)).toEqual({ type: 'waiting', retryInMs: 2_600, reason: 'overloaded' });
});

test('the time in a bye frame is honoured, and the socket is closed without waiting for the other side', () => {
  const world = setup();
  world.answer();
  world.socket.open().say({ type: 'bye', code: 1013, reason: 'overloaded', retryAfterMs: 4_000 });
  expect(world.states.at(-1)).toEqual({ type: 'waiting', retryInMs: 4_100, reason: 'overloaded' });
  expect(world.socket.closing).toEqual({ code: 1000, reason: '' });
  world.socket.end(1013, 'overloaded');
  expect(world.states).toHaveLength(2);
});

test('a time that the shard asked for is a place in its line: it counts as no failure and adds to no wait', () => {
  const world = setup();
  waitsAfter(world, 3);
  for (let i = 0; i < 3; i++) {
    world.answer();
    world.socket.open().end(1013, 'overloaded retry-after-ms=1000');
    world.advance(1_100);
  }
  world.answer();
  world.socket.end();
  expect(world.states.flatMap((state) => (state.type === 'waiting' ? [state.retryInMs] : []))).toEqual([
    100, 200, 400, 1_100, 1_100, 1_100, 800,
  ]);
});

test('the network coming back ends the wait early, but never before the time that the shard asked for', () => {
  const world = setup();
  waitsAfter(world, 6);
  world.answer();
  world.socket.end();
  world.machine.wake();
  world.advance(0);
  expect(world.states.at(-1)).toEqual({ type: 'connecting' });
  world.answer();
  world.socket.open().end(1013, 'overloaded retry-after-ms=3000');
  world.machine.wake();
  world.advance(2_999);
  expect(world.states.at(-1)?.type).toBe('waiting');
  world.advance(1);
  expect(world.states.at(-1)?.type).toBe('connecting');
});
