import { expect, test } from '@jest/globals';
import type { MovedFrame } from '@flotilla-im/protocol';
import {
  A,
  B,
  dataOf,
  message,
  messages,
  type ScriptedSocket,
  ScriptedWorld,
  welcome,
} from '../test/scripted-world.ts';

const moved = (epoch: number): MovedFrame => ({
  type: 'moved',
  url: `ws://pod/s/${epoch}/ws`,
  token: `move-${epoch}`,
  epoch,
});
const recovered = (offset: number): { position: string; recovered: true } => ({
  position: `${A}.${offset}`,
  recovered: true,
});

/** A client with three messages that has been told to move. */
function setup(): { world: ScriptedWorld; old: ScriptedSocket; next: ScriptedSocket } {
  const world = new ScriptedWorld();
  const old = world.serve({ channels: { news: recovered(0) } });
  old.say(...messages(A, 1, 3));
  world.advance(1_000);
  old.say(moved(2));
  return { world, old, next: world.socket };
}

const welcomed = welcome({ shard: 2, inbox: recovered(3), channels: { news: recovered(0) } });

test('a move opens the new connection with its url and token and brings the present positions', () => {
  const { next, old } = setup();
  expect(next.address).toMatchObject({ url: 'ws://pod/s/2/ws', token: 'move-2' });
  old.say(message(`${A}.4`));
  expect(next.open().sent).toEqual([{ type: 'resume', inbox: `${A}.4`, channels: { news: `${A}.0` } }]);
});

test('both deliver, each message reaches the application once and in order, and the old one is closed with 1000', () => {
  const { world, old, next } = setup();
  next.open();
  old.say(message(`${A}.4`), message(`${A}.5`));
  next.say(welcomed, ...messages(A, 4, 5));
  old.say(message(`${A}.6`));
  next.say(...messages(A, 6, 8));
  expect(old.closing).toBeNull();
  old.say({ type: 'pong' });
  expect(old.closing).toEqual({ code: 1000, reason: 'moved' });
  old.end(1000);
  expect(world.data).toEqual(dataOf(A, 1, 8));
});

test('a move is no event that the application could notice', () => {
  const { world, old, next } = setup();
  const before = world.events.length;
  next.open().say(welcomed);
  old.say({ type: 'pong' });
  old.end(1000);
  world.advance(5_000);
  expect(world.events.slice(before)).toEqual([]);
  expect(world.states.at(-1)).toEqual({ type: 'connected', recovered: true });
});

test('an old connection that answers no more is closed after a second', () => {
  const { world, old, next } = setup();
  next.open().say(welcomed);
  world.advance(999);
  expect(old.closing).toBeNull();
  world.advance(1);
  expect(old.closing).toEqual({ code: 1000, reason: '' });
});

test('a move that fails changes nothing: the old connection goes on', () => {
  const { world, old, next } = setup();
  next.end(1006);
  old.say(message(`${A}.4`));
  expect(world.data).toEqual(dataOf(A, 1, 4));
  expect(world.states.at(-1)?.type).toBe('connected');
  old.end(1012, 'draining');
  expect(world.states.at(-1)).toMatchObject({ type: 'waiting', reason: 'draining' });
  world.advance(200);
  expect(world.asked).toHaveLength(2);
});

test.each([
  ['a refusal', 4503],
  ['a shard that is full', 1013],
])('%s of the new connection leaves the old one alone', (_, code) => {
  const { world, old, next } = setup();
  next.open().say({ type: 'bye', code, reason: 'x' });
  old.say(message(`${A}.4`));
  expect(world.data).toEqual(dataOf(A, 1, 4));
});

test('a new connection that never gets its welcome is given up, and the old one stays', () => {
  const { world, old, next } = setup();
  next.open();
  old.say({ type: 'pong' });
  world.advance(10_000);
  expect(next.closing).toMatchObject({ code: 4405 });
  old.say(message(`${A}.4`));
  expect(world.data).toEqual(dataOf(A, 1, 4));
});

test('when the old connection ends first, the move goes on and the application notices nothing', () => {
  const { world, old, next } = setup();
  next.open();
  old.end(1012, 'draining');
  next.say(welcomed, message(`${A}.4`));
  expect(world.data).toEqual(dataOf(A, 1, 4));
  expect(world.states).toHaveLength(2);
});

test('when both end, there is a wait and a fresh address', () => {
  const { world, old, next } = setup();
  old.end(1012, 'draining');
  next.end(1006);
  expect(world.states.at(-1)).toMatchObject({ type: 'waiting', reason: 'closed_1006' });
});

test('a close by the business during a move ends both', () => {
  const { world, old, next } = setup();
  old.end(4500, 'signed: out');
  expect(world.states.at(-1)).toEqual({ type: 'closed', code: 4500, reason: 'signed: out' });
  expect(next.closing).toMatchObject({ code: 1000 });
});

test('a newer move replaces one under way, an older or equal one does not', () => {
  const { world, old, next } = setup();
  old.say(moved(2), moved(1));
  expect(world.sockets).toHaveLength(2);
  old.say(moved(3));
  expect(world.sockets).toHaveLength(3);
  expect(next.closing).toMatchObject({ code: 1000 });
  next.open();
  expect(next.sent).toEqual([]);
});

test('a live message that both bring is told once, and what only the old one brings is not lost', () => {
  const { world, old, next } = setup();
  const live = (id: string): { type: 'live'; id: string; from: null; data: string } => ({
    type: 'live',
    id,
    from: null,
    data: id,
  });
  old.say(live('1'));
  next.open().say(welcomed, live('1'), live('2'));
  old.say(live('2'), live('3'));
  expect(world.detailsOf('live')).toMatchObject([{ id: '1' }, { id: '2' }, { id: '3' }]);
});

test('a loss that the old connection told is not told again by the new one, whose repetitions are dropped', () => {
  const { world, old, next } = setup();
  next.open();
  old.say({ type: 'gap', position: `${A}.2` }, message(`${B}.3`), message(`${B}.4`));
  next.say(welcome({ inbox: { position: `${A}.2`, recovered: false }, channels: { news: recovered(0) } }));
  next.say(message(`${B}.3`), message(`${B}.4`), message(`${B}.5`));
  expect(world.detailsOf('gap')).toHaveLength(1);
  expect(world.data).toEqual([...dataOf(A, 1, 3), ...dataOf(B, 3, 5)]);
});

test('what the old connection says of logs and channels once it is replaced counts no more', () => {
  const { world, old, next } = setup();
  next.open().say(welcomed);
  old.say({ type: 'gap', position: `${A}.9` }, { type: 'joined', channel: 'sport', position: `${A}.1` });
  old.say({ type: 'left', channel: 'news' }, moved(7));
  expect(world.events.slice(-1)).toMatchObject([{ type: 'message' }]);
  expect(world.sockets).toHaveLength(2);
});

test('a loss that only the new connection knows of is told', () => {
  const { world, next } = setup();
  next.open().say(welcome({ inbox: { position: `${B}.9`, recovered: false }, channels: { news: recovered(0) } }));
  expect(world.detailsOf('gap')).toEqual([{ channel: null, position: `${B}.9` }]);
});

test('joining and leaving while a welcome is on its way is neither undone by it nor told twice', () => {
  const { world, old, next } = setup();
  next.open();
  old.say({ type: 'joined', channel: 'sport', position: `${A}.1` }, { type: 'left', channel: 'news' });
  // Made before either: the new pod tells both itself, afterwards.
  next.say(welcomed, { type: 'joined', channel: 'sport', position: `${A}.1` }, { type: 'left', channel: 'news' });
  expect(world.detailsOf('joined')).toEqual([{ channel: 'sport' }]);
  expect(world.detailsOf('left')).toEqual([{ channel: 'news' }]);
  expect(world.machine.channels).toEqual(['sport']);
});

test('requests without an answer are repeated on the new connection with their ids, and an answer of either counts', () => {
  const { world, old, next } = setup();
  const [first, second, live] = [world.request('r1'), world.request('r2'), world.request('r3', true)];
  next.open().say(welcomed);
  expect(next.sentOf('send').map((frame) => frame.id)).toEqual(['r1', 'r2']);
  old.say({ type: 'reply', re: 'r1', ok: true, messageId: 'm1' }, { type: 'reply', re: 'r3', ok: true });
  next.say(
    { type: 'reply', re: 'r1', ok: true, messageId: 'm1' },
    { type: 'reply', re: 'r2', ok: true, messageId: 'm2' },
  );
  expect([first.reply?.messageId, second.reply?.messageId, live.reply?.ok]).toEqual(['m1', 'm2', true]);
});

test('a second move goes on from the first', () => {
  const { world, old, next } = setup();
  next.open().say(welcomed, message(`${A}.4`));
  old.say({ type: 'pong' });
  old.end(1000);
  next.say(moved(3));
  world.socket.open().say(welcome({ inbox: recovered(4), channels: { news: recovered(0) } }), message(`${A}.5`));
  expect(world.sockets).toHaveLength(3);
  expect(world.data).toEqual(dataOf(A, 1, 5));
});
