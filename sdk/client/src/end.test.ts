import { expect, test } from '@jest/globals';
import { A, message, ScriptedWorld } from '../test/scripted-world.ts';

function setup(): ScriptedWorld {
  const world = new ScriptedWorld();
  world.machine.start();
  return world;
}

test.each([4500, 4501, 4502, 4503, 4505, 4506, 4599])('close code %d is the end: no attempt follows', (code) => {
  const world = setup();
  world.serve().end(code, 'replaced');
  world.advance(3_600_000);
  expect(world.states.at(-1)).toEqual({ type: 'closed', code, reason: 'replaced' });
  expect(world.asked).toHaveLength(1);
  expect(world.finished).toBe(1);
});

test('a bye with such a code is the end as well, before and after the welcome', () => {
  for (const world of [setup(), setup()]) {
    world.answer();
    world.socket.open().say({ type: 'bye', code: 4503, reason: 'token_revoked: issued before the disconnect' });
    expect(world.states.at(-1)).toEqual({ type: 'closed', code: 4503, reason: 'token_revoked' });
  }
});

test.each([1000, 1001, 1006, 1012, 4400, 4401, 4402, 4409, 3000])(
  'close code %d is followed by another attempt',
  (code) => {
    const world = setup();
    world.serve().end(code);
    world.advance(200);
    expect(world.states.at(-1)).toEqual({ type: 'connecting' });
  },
);

test("the business's reason is told as it was written", () => {
  const world = setup();
  world.serve().end(4500, 'spam: too much of it');
  expect(world.states.at(-1)).toEqual({ type: 'closed', code: 4500, reason: 'spam: too much of it' });
});

test('close() ends at once for the application, and is finished when the socket is', () => {
  const world = setup();
  world.serve();
  world.machine.close();
  expect(world.states.at(-1)).toEqual({ type: 'closed', code: 1000, reason: 'closed' });
  expect(world.finished).toBe(0);
  world.socket.say(message(`${A}.1`));
  world.socket.end(1000);
  expect(world.finished).toBe(1);
  expect(world.data).toEqual([]);
  world.machine.close();
  expect(world.finished).toBe(1);
  expect(world.states.filter((state) => state.type === 'closed')).toHaveLength(1);
});

test('a socket that never closes holds close() up for a second at most', () => {
  const world = setup();
  world.serve();
  world.machine.close();
  world.advance(1_000);
  expect(world.finished).toBe(1);
});

test('close() while an address is on its way gives that up', () => {
  const world = setup();
  world.machine.close();
  expect(world.abandoned).toEqual(world.asked);
  expect(world.finished).toBe(1);
  world.answer();
  expect(world.sockets).toEqual([]);
});

test('close() in the wait between attempts, and while a socket opens', () => {
  const waiting = setup();
  waiting.machine.addressFailed(waiting.asked[0]!);
  waiting.machine.close();
  waiting.advance(60_000);
  expect([waiting.finished, waiting.asked.length]).toEqual([1, 1]);
  const opening = setup();
  opening.answer();
  opening.machine.close();
  opening.socket.open();
  expect(opening.socket.sent).toEqual([]);
  opening.socket.end(1006);
  expect(opening.finished).toBe(1);
});

test('a handler may close the connection in the middle of anything', () => {
  for (const trigger of ['connecting', 'connected', 'gap', 'message', 'waiting']) {
    const world = new ScriptedWorld();
    world.handler = (event) => {
      const type = event.type === 'state' ? event.detail.type : event.type;
      if (type === trigger) world.machine.close();
    };
    world.machine.start();
    world.answer();
    world.sockets[0]?.open().say(
      {
        type: 'welcome',
        clientId: 'alice',
        connection: 'c',
        shard: 0,
        epoch: 1,
        inbox: { position: `${A}.1`, recovered: false },
        channels: {},
        heartbeatMs: 1_000,
        heartbeatTimeoutMs: 2_000,
      },
      message(`${A}.2`),
    );
    world.sockets[0]?.end();
    world.advance(60_000);
    expect(world.states.at(-1)).toMatchObject({ type: 'closed', code: 1000 });
    expect(world.finished).toBe(1);
  }
});
