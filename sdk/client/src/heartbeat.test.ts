import { expect, test } from '@jest/globals';
import { A, message, ScriptedWorld } from '../test/scripted-world.ts';

function setup(): ScriptedWorld {
  const world = new ScriptedWorld();
  world.serve({ heartbeatMs: 15_000, heartbeatTimeoutMs: 20_000 });
  return world;
}

const pings = (world: ScriptedWorld): number => world.sockets[0]!.sentOf('ping').length;

test('a client that sent nothing for the heartbeat sends a ping, and an answer keeps the connection', () => {
  const world = setup();
  world.advance(14_999);
  expect(pings(world)).toBe(0);
  world.advance(1);
  expect(pings(world)).toBe(1);
  world.socket.say({ type: 'pong' });
  world.advance(15_000);
  expect(pings(world)).toBe(2);
  expect(world.states.at(-1)?.type).toBe('connected');
});

test('whatever else is sent saves the ping where something is heard', () => {
  const world = setup();
  world.advance(10_000);
  world.request('r1');
  world.socket.say(message(`${A}.1`));
  world.advance(14_999);
  expect(pings(world)).toBe(0);
});

test('what is sent and not answered saves no ping: a quiet connection is not given up for want of one', () => {
  const world = setup();
  world.advance(10_000);
  world.request('r1');
  world.advance(4_999);
  expect(pings(world)).toBe(0);
  world.advance(1);
  expect(pings(world)).toBe(1);
  world.socket.say({ type: 'pong' });
  world.advance(10_000);
  expect(world.states.at(-1)?.type).toBe('connected');
});

test('without any frame for the timeout the connection is given up and made anew', () => {
  const world = setup();
  world.advance(20_000);
  expect(world.socket.closing).toEqual({ code: 4405, reason: 'heartbeat_timeout' });
  expect(world.states.at(-1)).toMatchObject({ type: 'waiting', reason: 'heartbeat_timeout' });
  world.socket.end(1006);
  world.advance(100);
  expect(world.asked).toHaveLength(2);
});

test('any frame is a sign of life', () => {
  const world = setup();
  world.advance(19_000);
  world.socket.say(message(`${A}.1`));
  world.advance(19_000);
  expect(world.states.at(-1)?.type).toBe('connected');
});

test('a page whose timers do not run pings when something arrives', () => {
  const world = setup();
  world.now += 16_000;
  world.socket.say(message(`${A}.1`));
  expect(pings(world)).toBe(1);
});

test('a device that slept asks before it gives up: the answer within the grace keeps the connection', () => {
  const world = setup();
  world.sleep(600_000);
  expect(pings(world)).toBe(1);
  expect(world.states.at(-1)?.type).toBe('connected');
  world.socket.say({ type: 'pong' });
  world.advance(14_000);
  expect(world.states.at(-1)?.type).toBe('connected');
});

test('a device that slept gives up when nothing comes within the grace', () => {
  const world = setup();
  world.sleep(600_000);
  world.advance(5_000);
  expect(world.states.at(-1)).toMatchObject({ type: 'waiting', reason: 'heartbeat_timeout' });
});

test('a device that sleeps again before the answer has come gives up', () => {
  const world = setup();
  world.sleep(600_000);
  world.sleep(600_000);
  expect(world.states.at(-1)).toMatchObject({ type: 'waiting', reason: 'heartbeat_timeout' });
});

test('when the network came back, a ping finds a dead connection within five seconds', () => {
  const world = setup();
  world.machine.wake();
  expect(pings(world)).toBe(1);
  world.advance(5_000);
  expect(world.states.at(-1)).toMatchObject({ type: 'waiting', reason: 'heartbeat_timeout' });
});

test('a shard that asks for a heartbeat of nothing is not pinged without end', () => {
  const world = new ScriptedWorld();
  world.serve({ heartbeatMs: 0, heartbeatTimeoutMs: 20_000 });
  world.advance(100);
  expect(pings(world)).toBeLessThanOrEqual(11);
});
