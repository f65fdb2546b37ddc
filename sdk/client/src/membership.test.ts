import { expect, test } from '@jest/globals';
import type { ResumeFrame } from '@flotilla-im/protocol';
import { A, B, message, type ScriptedSocket, ScriptedWorld } from '../test/scripted-world.ts';

const recovered = (offset: number): { position: string; recovered: true } => ({
  position: `${A}.${offset}`,
  recovered: true,
});

function setup(): ScriptedWorld {
  const world = new ScriptedWorld();
  world.serve({ channels: { $broadcast: recovered(0), news: recovered(4) } });
  return world;
}

test('what a client is a member of when it connects is readable, and no event', () => {
  const world = setup();
  expect(world.machine.channels).toEqual(['$broadcast', 'news']);
  expect(world.detailsOf('joined')).toEqual([]);
});

test('joining and leaving are events, once each', () => {
  const world = setup();
  world.socket.say(
    { type: 'joined', channel: 'sport', position: `${A}.9` },
    { type: 'joined', channel: 'sport', position: `${A}.9` },
  );
  expect(world.machine.channels).toContain('sport');
  world.socket.say(
    { type: 'left', channel: 'news' },
    { type: 'left', channel: 'news' },
    { type: 'left', channel: 'never' },
  );
  expect(world.detailsOf('joined')).toEqual([{ channel: 'sport' }]);
  expect(world.detailsOf('left')).toEqual([{ channel: 'news' }]);
  expect(world.machine.positions.channels).toEqual({ $broadcast: `${A}.0`, sport: `${A}.9` });
});

test('what changed while there was no connection is told after the reconnect', () => {
  const world = setup();
  world.socket.end();
  world.advance(200);
  world.serve({ channels: { $broadcast: recovered(0), sport: recovered(2) } });
  expect(world.detailsOf('joined')).toEqual([{ channel: 'sport' }]);
  expect(world.detailsOf('left')).toEqual([{ channel: 'news' }]);
});

test('a channel that is joined anew goes on from the new join, and repeats nothing of the earlier membership', () => {
  const world = setup();
  world.socket.say(message(`${A}.6`, 'news'), { type: 'left', channel: 'news' });
  world.socket.say(
    { type: 'joined', channel: 'news', position: `${A}.5` },
    message(`${A}.6`, 'news'),
    message(`${A}.7`, 'news'),
  );
  expect(world.data).toEqual([`news:${A}.6`, `news:${A}.7`]);
});

test('what it got of a channel that a welcome names no more is brought again, until it is joined', () => {
  const world = setup();
  const comeBack = (): unknown => {
    world.socket.end();
    world.advance(2_000);
    world.serve({ channels: { $broadcast: recovered(0) } });
    return (world.socket.sent[0] as ResumeFrame).channels;
  };
  comeBack();
  expect(world.machine.positions.channels).toEqual({ $broadcast: `${A}.0` });
  expect(comeBack()).toEqual({ $broadcast: `${A}.0`, news: `${A}.4` });
  world.socket.say({ type: 'joined', channel: 'news', position: `${B}.0` });
  world.socket.say({ type: 'gap', channel: 'news', position: `${B}.0` }, message(`${B}.1`, 'news'));
  expect(world.detailsOf('gap')).toEqual([{ channel: 'news', position: `${B}.0` }]);
  expect(comeBack()).toEqual({ $broadcast: `${A}.0`, news: `${B}.1` });
});

/** Channels that were read up to 6 and then left, more than are remembered. */
const left = Array.from({ length: 300 }, (_, i) => `channel-${i}`);
const joinAndLeave = (socket: ScriptedSocket): void => {
  for (const channel of left) {
    socket.say({ type: 'joined', channel, position: `${A}.5` }, message(`${A}.6`, channel), { type: 'left', channel });
  }
};

test('a channel left long ago is joined as if for the first time, so that leaving many costs no memory', () => {
  const world = setup();
  joinAndLeave(world.socket);
  // Its log began anew meanwhile: a loss only to somebody who still knows what was before.
  world.socket.say({ type: 'joined', channel: 'channel-0', position: `${B}.0` }, message(`${B}.1`, 'channel-0'));
  expect(world.detailsOf('gap')).toEqual([]);
});

test('nothing that was left is forgotten while a move is under way', () => {
  const world = setup();
  const old = world.socket;
  old.say({ type: 'moved', url: 'ws://pod/s/2/ws', token: 'move', epoch: 2 });
  joinAndLeave(old);
  old.say({ type: 'joined', channel: 'channel-0', position: `${A}.5` }, message(`${A}.6`, 'channel-0'));
  expect(world.data.filter((data) => data === `channel-0:${A}.6`)).toHaveLength(1);
});
