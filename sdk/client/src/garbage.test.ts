import { expect, test } from '@jest/globals';
import { A, message, ScriptedWorld } from '../test/scripted-world.ts';

function setup(): ScriptedWorld {
  const world = new ScriptedWorld();
  world.serve();
  return world;
}

test.each<[string, unknown]>([
  ['no JSON', '{'],
  ['no object', '[]'],
  ['no type', '{}'],
  ['a message without position', '{"type":"message","id":"1","from":null,"at":1,"data":1}'],
  ['bytes', new ArrayBuffer(4)],
])(
  '%s is told as an error and answered with a new connection from the last position: it may have been a message',
  (_, raw) => {
    const world = setup();
    world.socket.say(message(`${A}.1`), { raw }, message(`${A}.2`));
    expect(world.detailsOf('error')).toMatchObject([{ code: 'bad_frame' }]);
    expect(world.socket.closing).toMatchObject({ code: 4504 });
    expect(world.states.at(-1)).toMatchObject({ type: 'waiting', reason: 'bad_frame' });
    expect(world.data).toEqual([`${A}.1`]);
  },
);

test('a frame of a type that this version does not know is left alone', () => {
  const world = setup();
  world.socket.say({ raw: '{"type":"weather","data":"fine"}' }, message(`${A}.1`));
  expect(world.data).toEqual([`${A}.1`]);
  expect(world.detailsOf('error')).toEqual([]);
});

test('messages before the welcome are not delivered', () => {
  const world = new ScriptedWorld();
  world.machine.start();
  world.answer();
  world.socket.open().say(message(`${A}.1`));
  expect(world.data).toEqual([]);
});

test('an error frame is told, known code or not, and the connection stays', () => {
  const world = setup();
  world.socket.say(
    { type: 'error', code: 'bad_frame', message: 'not JSON' },
    { type: 'error', code: 'odd', message: 'new' },
  );
  expect(world.detailsOf('error')).toMatchObject([
    { code: 'bad_frame', message: 'not JSON' },
    { code: 'internal', details: { code: 'odd' } },
  ]);
  expect(world.states.at(-1)?.type).toBe('connected');
});
