import { expect, test } from '@jest/globals';
import { A, B, dataOf, message, messages, ScriptedWorld, welcome } from '../test/scripted-world.ts';

const setup = (): ScriptedWorld => new ScriptedWorld();

test('a new client brings no positions, and is connected once it is welcomed', () => {
  const world = setup();
  const socket = world.serve();
  expect(socket.address).toEqual({ url: 'ws://pod/s/0/ws', token: 't1' });
  expect(socket.sent[0]).toEqual({ type: 'resume' });
  expect(world.states).toEqual([{ type: 'connecting' }, { type: 'connected', recovered: true }]);
  expect(world.machine.clientId).toBe('alice');
});

test('positions of an earlier page are brought, and can be read again at any time', () => {
  const resume = { inbox: `${A}.7`, channels: { news: `${A}.3` } };
  const world = new ScriptedWorld({ resume });
  world.serve({
    inbox: { position: `${A}.7`, recovered: true },
    channels: { news: { position: `${A}.3`, recovered: true } },
  });
  expect(world.socket.sent[0]).toEqual({ type: 'resume', ...resume });
  world.socket.say(message(`${A}.8`), message(`${A}.5`, 'news'));
  expect(world.machine.positions).toEqual({ inbox: `${A}.8`, channels: { news: `${A}.5` } });
});

test('after a lost connection the next one brings what the application has got, and a fresh token', () => {
  const world = setup();
  world.serve({ channels: { news: { position: `${A}.4`, recovered: true } } });
  world.socket.say(...messages(A, 1, 3), message(`${A}.5`, 'news'));
  world.socket.end();
  world.advance(100);
  const socket = world.serve({
    inbox: { position: `${A}.3`, recovered: true },
    channels: { news: { position: `${A}.5`, recovered: true } },
  });
  expect(socket.address.token).toBe('t2');
  expect(socket.sent[0]).toEqual({ type: 'resume', inbox: `${A}.3`, channels: { news: `${A}.5` } });
});

test('what comes again is dropped, per log, and nothing else is', () => {
  const world = setup();
  world.serve({ channels: { news: { position: `${A}.0`, recovered: true } } });
  world.socket.say(...messages(A, 1, 3), ...messages(A, 2, 4), message(`${A}.2`, 'news'), message(`${A}.2`, 'news'));
  expect(world.data).toEqual([...dataOf(A, 1, 4), `news:${A}.2`]);
});

test('offsets may skip: a client infers no gap from that', () => {
  const world = setup();
  world.serve();
  world.socket.say(message(`${A}.5`), message(`${A}.9`));
  expect(world.data).toEqual([`${A}.5`, `${A}.9`]);
  expect(world.detailsOf('gap')).toEqual([]);
});

test('a new generation goes on where the last one ended, and what comes late of the ended one is dropped', () => {
  const world = setup();
  world.serve();
  world.socket.say(...messages(A, 1, 3), message(`${B}.4`), message(`${A}.3`), message(`${A}.9`), message(`${B}.5`));
  expect(world.data).toEqual([...dataOf(A, 1, 3), `${B}.4`, `${B}.5`]);
  expect(world.machine.positions.inbox).toBe(`${B}.5`);
});

test('a gap sets the position back, so that offsets which a lost end gives out again are delivered', () => {
  const world = setup();
  world.serve();
  world.socket.say(...messages(A, 1, 9), { type: 'gap', position: `${A}.6` }, message(`${B}.7`), message(`${B}.8`));
  expect(world.data).toEqual([...dataOf(A, 1, 9), `${B}.7`, `${B}.8`]);
  expect(world.detailsOf('gap')).toEqual([{ channel: null, position: `${A}.6` }]);
});

test('what was delivered before a gap is not delivered again, however far back it sets the position', () => {
  const [start, next] = ['0123456789ab.0', 'cccccccccccc'];
  const world = setup();
  world.serve();
  world.socket.say(...messages(A, 1, 3), message(`${B}.4`), { type: 'gap', position: start });
  world.socket.say(...messages(A, 1, 3), message(`${next}.4`));
  expect(world.data).toEqual([...dataOf(A, 1, 3), `${B}.4`, `${next}.4`]);
  expect(world.detailsOf('gap')).toEqual([{ channel: null, position: start }]);
  expect(world.machine.positions.inbox).toBe(`${next}.4`);
  world.socket.say({ type: 'gap', position: start }, message(`${A}.3`), message(`${A}.4`));
  expect(world.data.at(-1)).toBe(`${A}.4`);
});

test('offsets that come again under a new generation without a word of it are told as a gap and delivered', () => {
  const world = setup();
  world.serve();
  world.socket.say(...messages(A, 1, 9), message(`${B}.7`), message(`${B}.8`));
  expect(world.data).toEqual([...dataOf(A, 1, 9), `${B}.7`, `${B}.8`]);
  expect(world.detailsOf('gap')).toEqual([{ channel: null, position: `${B}.6` }]);
});

test('a gap that skips forward drops nothing that is new', () => {
  const world = setup();
  world.serve({ channels: { news: { position: `${A}.0`, recovered: true } } });
  world.socket.say({ type: 'gap', channel: 'news', position: `${A}.50` }, ...messages(A, 50, 52, 'news'));
  expect(world.data).toEqual(dataOf(A, 51, 52, 'news'));
});

test('a welcome that cannot recover says so in the state, and a gap names each log', () => {
  const world = new ScriptedWorld({ resume: { inbox: `${A}.7`, channels: { news: `${A}.3` } } });
  world.serve({
    inbox: { position: `${B}.2`, recovered: false },
    channels: { news: { position: `${A}.3`, recovered: true }, sport: { position: `${A}.9`, recovered: false } },
  });
  expect(world.states.at(-1)).toEqual({ type: 'connected', recovered: false });
  expect(world.detailsOf('gap')).toEqual([
    { channel: null, position: `${B}.2` },
    { channel: 'sport', position: `${A}.9` },
  ]);
  world.socket.say(message(`${B}.3`));
  expect(world.data).toEqual([`${B}.3`]);
});

test('a connection that was welcomed once is not welcomed again', () => {
  const world = setup();
  world.serve().say(welcome({ inbox: { position: `${B}.0`, recovered: false } }));
  expect(world.detailsOf('gap')).toEqual([]);
  expect(world.states).toHaveLength(2);
});
