import { expect, test } from '@jest/globals';
import { A, message, messages, ScriptedWorld } from '../test/scripted-world.ts';

function setup(): ScriptedWorld {
  const world = new ScriptedWorld();
  world.serve({ channels: { news: { position: `${A}.0`, recovered: true } } });
  return world;
}

test('the first message is acknowledged at once, a burst after it together, half a second later', () => {
  const world = setup();
  world.socket.say(message(`${A}.1`));
  expect(world.socket.sentOf('ack')).toEqual([{ type: 'ack', inbox: `${A}.1` }]);
  world.socket.say(...messages(A, 2, 40), message(`${A}.3`, 'news'));
  world.advance(499);
  expect(world.socket.sentOf('ack')).toHaveLength(1);
  world.advance(1);
  expect(world.socket.sentOf('ack')[1]).toEqual({ type: 'ack', inbox: `${A}.40`, channels: { news: `${A}.3` } });
});

test('a stream is acknowledged ever more seldom, four seconds apart at most', () => {
  const world = setup();
  const at: number[] = [];
  for (let ms = 0; ms < 20_000; ms += 100) {
    world.socket.say(message(`${A}.${ms / 100 + 1}`));
    if (world.socket.sentOf('ack').length > at.length) at.push(ms);
    world.advance(100);
  }
  expect(at.slice(1).map((ms, i) => ms - (at[i] ?? 0))).toEqual([500, 1_000, 2_000, 4_000, 4_000, 4_000, 4_000]);
});

test('only logs that have moved are acknowledged, and what is known already is not', () => {
  const world = setup();
  world.socket.say(message(`${A}.1`), message(`${A}.1`));
  world.advance(1_000);
  expect(world.socket.sentOf('ack')).toHaveLength(1);
  world.socket.say(message(`${A}.1`, 'news'));
  expect(world.socket.sentOf('ack')[1]).toEqual({ type: 'ack', channels: { news: `${A}.1` } });
});

test('an acknowledgement comes after the handlers have run, even if one of them sends something', () => {
  const world = setup();
  const seen: number[] = [];
  world.handler = (event) => {
    if (event.type !== 'message') return;
    world.request('r1');
    seen.push(world.socket.sentOf('ack').length);
  };
  world.socket.say(message(`${A}.1`));
  expect(seen).toEqual([0]);
  expect(world.socket.sent.map((frame) => frame.type)).toEqual(['resume', 'ack', 'send']);
});

test('a page that is hidden acknowledges what is still unsaid, since it may be closed next', () => {
  const world = setup();
  world.socket.say(message(`${A}.1`), message(`${A}.2`));
  world.machine.rest();
  expect(world.socket.sentOf('ack').at(-1)).toEqual({ type: 'ack', inbox: `${A}.2` });
  world.machine.rest();
  expect(world.socket.sentOf('ack')).toHaveLength(2);
});

test('closing acknowledges what is still unsaid, first', () => {
  const world = setup();
  world.socket.say(message(`${A}.1`), message(`${A}.2`));
  world.machine.close();
  expect(world.socket.sentOf('ack').at(-1)).toEqual({ type: 'ack', inbox: `${A}.2` });
  expect(world.socket.closing).toEqual({ code: 1000, reason: '' });
});
