import { expect, test } from '@jest/globals';
import { ScriptedWorld } from '../test/scripted-world.ts';

function setup(): ScriptedWorld {
  const world = new ScriptedWorld();
  world.machine.start();
  return world;
}

test('a backend that fails counts as a failed attempt, and the wait it asks for is honoured', () => {
  const world = setup();
  world.machine.addressFailed(world.asked[0]!);
  expect(world.states.at(-1)).toEqual({ type: 'waiting', retryInMs: 100, reason: 'address_failed' });
  world.advance(100);
  world.machine.addressFailed(world.asked[1]!, 5_000);
  expect(world.states.at(-1)).toMatchObject({ retryInMs: 5_200 });
});

test('a backend that never answers is given up after ten seconds, and a late answer is ignored', () => {
  const world = setup();
  world.advance(10_000);
  expect(world.states.at(-1)).toMatchObject({ type: 'waiting', reason: 'address_timeout' });
  expect(world.abandoned).toEqual(world.asked);
  world.answer();
  world.machine.addressFailed(world.asked[0]!);
  expect(world.sockets).toEqual([]);
  expect(world.states).toHaveLength(2);
});

test('a backend that says there is no address any more ends the connection', () => {
  const world = setup();
  world.answer(null);
  expect(world.states.at(-1)).toEqual({ type: 'closed', code: 1000, reason: 'no_address' });
  expect(world.finished).toBe(1);
});

test('a shard that accepts and never serves is given up after ten seconds', () => {
  const world = setup();
  world.answer();
  world.socket.open();
  world.advance(10_000);
  expect(world.states.at(-1)).toMatchObject({ type: 'waiting', reason: 'connect_timeout' });
  expect(world.socket.closing).toMatchObject({ code: 4405 });
});
