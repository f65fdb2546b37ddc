import { EventEmitter } from 'node:events';
import { expect, it } from '@jest/globals';
import type { Socket } from 'socket.io';
import { connectionSetup, openConnection } from '../connections/testing/connection-setup.ts';
import type { LogEntry } from '@flotilla-im/store';
import { MessageFrame } from '../delivery/message-frame.ts';
import { MessageRun } from '../delivery/message-run.ts';
import { SocketIoTransport } from './socketio-transport.ts';

function messageOf(offset: number): MessageFrame {
  const entry: LogEntry = {
    messageId: `m${offset}`,
    from: null,
    format: 'json',
    data: JSON.stringify('x'.repeat(30_000)),
    excludeSender: false,
    generation: '0123456789ab',
    offset,
    at: 1,
    head: `"id":"m${offset}","from":null`,
  };
  return new MessageFrame({ kind: 'inbox', id: 'alice' }, entry, false);
}

/**
 * A client whose engine holds what it is given until the test says that the network has taken it.
 *
 * @param writeQueueSize - bytes that the kernel has not taken of what is written
 */
function setup(writeQueueSize = 1) {
  const handed: { readonly text: string; readonly taken: () => void }[] = [];
  const timer = { refreshes: 0 };
  const conn = Object.assign(new EventEmitter(), {
    transport: { socket: { _socket: { _handle: { writeQueueSize } } } },
    pingTimeoutTimer: { refresh: () => (timer.refreshes += 1) },
    write: (text: string, _options: unknown, taken: () => void) => handed.push({ text, taken }),
    close: () => undefined,
  });
  const socket = { conn, disconnect: () => undefined } as unknown as Socket;
  const transport = new SocketIoTransport(socket);
  const one = openConnection(connectionSetup({}, 'socketio'));
  transport.belongTo(one.connection);
  transport.open();
  transport.deliver(new MessageRun([...Array(10).keys()].map((n) => messageOf(n + 1))));
  transport.flush();
  const marks: string[] = [];
  return { ...one, socketIo: transport, handed, timer, conn, marks };
}

it('gives the engine little at a time, so that its pings need not wait long, and the rest in order as it is taken', () => {
  const { socketIo, handed, timer } = setup();
  expect(handed).toHaveLength(1);
  expect(handed[0]?.text.length).toBeLessThan(100_000);
  expect(socketIo.backlogBytes()).toBeGreaterThan(300_000);
  for (let i = 0; i < handed.length; i++) handed[i]?.taken();
  expect(socketIo.backlogBytes()).toBe(0);
  expect(timer.refreshes).toBe(handed.length);
  const ids = handed.flatMap(({ text }) => [...text.matchAll(/"id":"m(\d+)"/g)].map(([, id]) => Number(id)));
  expect(ids).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

it('takes what waited for the peer for a sign of life, and not what the network took at once', () => {
  for (const [writeQueueSize, refreshes] of [
    [1, 1],
    [0, 0],
  ]) {
    const { handed, timer } = setup(writeQueueSize);
    handed[0]?.taken();
    expect(timer.refreshes).toBe(refreshes);
  }
});

it('gives the engine everything before a goodbye, and the goodbye last', () => {
  const { socketIo, handed } = setup();
  socketIo.close(1012, { reason: 'draining' });
  expect(handed.at(-1)?.text).toContain('m10');
  expect(handed.at(-1)?.text).toContain('bye');
  handed[0]?.taken();
  socketIo.ended(1006);
});

it('says that it has drained only when nothing waits any more', () => {
  const { connection, handed } = setup();
  connection.isChoked = true;
  handed[0]?.taken();
  expect(connection.isChoked).toBe(true);
  for (let i = 1; i < handed.length; i++) handed[i]?.taken();
  expect(connection.isChoked).toBe(false);
});

it('takes no pong as the receipt of what the engine was not given before the ping', () => {
  const { connection, handed, conn, marks } = setup();
  connection.mark = () => marks.push('asked');
  conn.emit('packetCreate', { type: 'ping' });
  expect(marks).toEqual([]);
  for (let i = 0; i < handed.length; i++) handed[i]?.taken();
  conn.emit('packetCreate', { type: 'ping' });
  expect(marks).toEqual(['asked']);
});
