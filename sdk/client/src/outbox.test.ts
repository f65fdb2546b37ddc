import { expect, test } from '@jest/globals';
import { FlotillaError } from '@flotilla-im/protocol';
import { ScriptedWorld } from '../test/scripted-world.ts';

function setup(outboxLimit = 1_000): ScriptedWorld {
  const world = new ScriptedWorld({ outboxLimit });
  world.machine.start();
  return world;
}

const ids = (world: ScriptedWorld): string[] => world.socket.sentOf('send').map((frame) => frame.id);

test('requests made before there is a connection are sent in order once there is one', () => {
  const world = setup();
  world.request('r1');
  world.request('r2');
  world.serve();
  expect(ids(world)).toEqual(['r1', 'r2']);
});

test('an answer resolves or rejects its request, with the code and the wait that the shard named', () => {
  const world = setup();
  world.serve();
  const [good, bad, odd] = [world.request('r1'), world.request('r2'), world.request('r3')];
  world.socket.say({ type: 'reply', re: 'r2', ok: false, code: 'busy', message: 'full', retryAfterMs: 40 });
  world.socket.say({ type: 'reply', re: 'r1', ok: true, messageId: 'm1' }, { type: 'reply', re: 'unknown', ok: true });
  world.socket.say({ type: 'reply', re: 'r3', ok: false, code: 'from_the_future' });
  expect(good.reply).toMatchObject({ messageId: 'm1' });
  expect(bad.error).toMatchObject({ code: 'busy', message: 'full', retryAfterMs: 40, retryable: true });
  expect(odd.error).toMatchObject({ code: 'internal', details: { code: 'from_the_future' } });
});

test('after a reconnect what has no answer is sent again, in order, with the same ids, and new requests follow', () => {
  const world = setup();
  world.serve();
  ['r1', 'r2', 'r3'].forEach((id) => world.request(id));
  world.socket.say({ type: 'reply', re: 'r2', ok: true });
  world.socket.end();
  world.request('r4');
  world.advance(200);
  world.serve();
  expect(ids(world)).toEqual(['r1', 'r3', 'r4']);
});

test('so many requests wait for answers at once and no more, the rest follows with each answer', () => {
  const world = setup();
  world.serve();
  for (let i = 0; i < 50; i++) world.request(`r${i}`);
  expect(ids(world)).toHaveLength(32);
  world.socket.say({ type: 'reply', re: 'r3', ok: true });
  expect(ids(world)).toHaveLength(33);
  for (let i = 0; i < 50; i++) world.socket.say({ type: 'reply', re: `r${i}`, ok: true });
  expect(ids(world)).toEqual(Array.from({ length: 50 }, (_, i) => `r${i}`));
});

test('requests go out no faster than the shard takes them: a burst, then so many a second', () => {
  const world = setup();
  world.serve();
  for (let i = 0; i < 150; i++) {
    world.request(`r${i}`);
    if (i < 100) world.socket.say({ type: 'reply', re: `r${i}`, ok: true });
  }
  expect(ids(world)).toHaveLength(100);
  for (let ms = 0; ms < 300; ms += 10) {
    world.advance(10);
  }
  expect(ids(world)).toHaveLength(124);
  expect(ids(world)).toEqual(Array.from({ length: 124 }, (_, i) => `r${i}`));
});

test('one request more than the outbox holds is busy, and an answer makes room', () => {
  const world = setup(2);
  world.serve();
  world.request('r1');
  world.request('r2');
  expect(world.request('r3').error).toMatchObject({ code: 'busy', retryable: true });
  world.socket.say({ type: 'reply', re: 'r1', ok: true });
  expect(world.request('r4').error).toBeUndefined();
});

test('a live request is not kept: without a connection, or when it is lost, it is not_connected', () => {
  const world = setup();
  expect(world.request('r1', true).error).toMatchObject({ code: 'not_connected' });
  world.serve();
  const sent = world.request('r2', true);
  expect(ids(world)).toEqual(['r2']);
  world.socket.end();
  expect(sent.error).toMatchObject({ code: 'not_connected' });
  world.advance(200);
  world.serve();
  expect(ids(world)).toEqual([]);
});

test('a request that was given up is not sent again', () => {
  const world = setup();
  const given = world.request('r1');
  world.machine.abandon('r1', new FlotillaError('aborted'));
  world.serve();
  expect(given.error).toMatchObject({ code: 'aborted' });
  expect(ids(world)).toEqual([]);
});

test('closing rejects what has no answer, and everything after it', () => {
  const world = setup();
  world.serve();
  const request = world.request('r1');
  world.machine.close();
  expect(request.error).toMatchObject({ code: 'closed' });
  expect(world.request('r2').error).toMatchObject({ code: 'closed' });
});
