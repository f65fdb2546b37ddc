import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { expect, it } from '@jest/globals';
import type { WebSocket } from 'ws';
import { LIMITS } from '../config/limits.ts';
import { connectionSetup, openConnection } from '../connections/testing/connection-setup.ts';
import { V1Transport } from './v1-transport.ts';

function setup() {
  const written: string[] = [];
  const socket = Object.assign(new EventEmitter(), {
    writableLength: 0,
    write: (bytes: Buffer) => written.push(bytes.subarray(2).toString()),
    cork: () => undefined,
    uncork: () => undefined,
  });
  const ws = Object.assign(new EventEmitter(), {
    OPEN: 1,
    readyState: 1,
    pause: () => undefined,
    resume: () => undefined,
  });
  const limits = {
    frameBytes: LIMITS.frameBytes.default,
    dataBytes: LIMITS.dataBytes.default,
    receivers: LIMITS.receivers.default,
    heartbeatMs: 15_000,
  };
  const transport = new V1Transport(ws as unknown as WebSocket, socket as unknown as Duplex, limits);
  const one = openConnection(connectionSetup());
  transport.session = one.connection;
  return { ...one, transport, socket, written };
}

it('asks whether it was read, and knows that answer from a heartbeat', () => {
  const { transport, written, connection, calls } = setup();
  transport.tell({ type: 'left', channel: 'c' });
  transport.ask();
  expect(written).toEqual(['{"type":"left","channel":"c"}', 'read']);
  connection.askedAtMs = 1_000;
  transport.ponged(Buffer.from(''));
  expect(calls).toEqual([]);
  transport.ponged(Buffer.from('read'));
  transport.ponged(Buffer.from('read'));
  expect(calls).toEqual(['answered']);
});

const PONG = '{"type":"pong"}';

it('tells a client whose pings are not read that it is still served, once a heartbeat', () => {
  const { transport, written } = setup();
  transport.hold(true);
  transport.beat(14_000, 14_000);
  transport.beat(20_000, 20_000);
  transport.beat(20_500, 20_500);
  expect(written).toEqual([PONG]);
  transport.beat(29_000, 29_000);
  expect(written).toEqual([PONG, PONG]);
  transport.hold(false);
  transport.beat(60_000, 60_000);
  expect(written).toHaveLength(2);
});
