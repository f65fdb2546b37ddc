import { afterEach, expect, test } from '@jest/globals';
import {
  connect,
  type Connection,
  type ConnectionState,
  type ConnectOptions,
  type WebSocketClass,
} from '@flotilla-im/client';
import { WebSocket as BareWebSocket } from 'ws';
import { eventually } from '../support/eventually.ts';
import { ClientShard } from './client-shard.ts';

const opened: { readonly shards: ClientShard[]; readonly connections: Connection[] } = { shards: [], connections: [] };

interface Setup {
  readonly shard: ClientShard;
  readonly connection: Connection;
  /** What the client was told. */
  readonly data: unknown[];
  readonly states: ConnectionState[];
}

/** A shard, and a client of it (or of whatever else `options` say). */
async function setup(options: Partial<ConnectOptions> = {}): Promise<Setup> {
  const shard = await ClientShard.start();
  const connection = connect({ address: () => shard.address(), ...options });
  const data: unknown[] = [];
  const states: ConnectionState[] = [];
  connection.on('message', (message) => data.push(message.data));
  connection.on('state', (state) => states.push(state));
  opened.shards.push(shard);
  opened.connections.push(connection);
  return { shard, connection, data, states };
}

afterEach(async () => {
  await Promise.all(opened.connections.splice(0).map((connection) => connection.close()));
  await Promise.all(opened.shards.splice(0).map((shard) => shard.close()));
});

test.each<[string, { WebSocket?: WebSocketClass }]>([
  ["Node's own WebSocket", {}],
  ['the WebSocket of `ws`', { WebSocket: BareWebSocket }],
])('in Node the client works with %s: messages, a cut, a move, an end', async (_, options) => {
  const { shard, connection, data, states } = await setup(options);
  shard.send(1);
  await eventually(() => expect(data).toEqual([1]));
  shard.newest.cut();
  shard.send(2);
  await eventually(() => expect(data).toEqual([1, 2]));
  const old = shard.newest;
  old.say({ type: 'moved', ...shard.address(), epoch: 2 });
  await eventually(() => expect(old.closed).toBe(1000));
  shard.send(3);
  await eventually(() => expect(data).toEqual([1, 2, 3]));
  shard.newest.close(4500, 'signed in elsewhere');
  await eventually(() =>
    expect(connection.state).toEqual({ type: 'closed', code: 4500, reason: 'signed in elsewhere' }),
  );
  expect(states.map(({ type }) => type)).toEqual([
    'connecting',
    'connected',
    'waiting',
    'connecting',
    'connected',
    'closed',
  ]);
});

test('a shard that is not there is retried until it is, and close() reaches the shard as 1000', async () => {
  const gone = await ClientShard.start();
  const dead = gone.address();
  await gone.close();
  const addresses = [dead, dead];
  const other = await ClientShard.start();
  opened.shards.push(other);
  const { connection } = await setup({ address: () => addresses.shift() ?? other.address(), backoffBaseMs: 20 });
  await eventually(() => expect(connection.state.type).toBe('connected'));
  await connection.close();
  await eventually(() => expect(other.newest.closed).toBe(1000));
});
