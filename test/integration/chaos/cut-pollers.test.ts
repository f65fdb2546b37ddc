import { EventEmitter, once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, test } from '@jest/globals';
import type { JournalRecord } from '../../chaos/journal/record.ts';
import { SocketIoClient } from '../../chaos/load/clients/socket-io-client.ts';
import { UsedTokens } from '../../chaos/load/clients/used-tokens.ts';
import type { LoadMessage } from '../../chaos/load/sending/message.ts';
import { type ShardHarness, startTestShard } from '../im-edge/shard-harness.ts';

/** From the welcome to the end of all connections, each for a client of its own: an upgrade takes some of that. Milliseconds. */
const CUT_AFTER_MS = Array.from({ length: 26 }, (_, i) => 4 * i);
/** Less than the 20 s after which a client gives up a connection that is silent, however slow the machine. */
const SOON_MS = 15_000;
const CONNECTED_MS = 20_000;

let shard: ShardHarness;

beforeAll(async () => {
  shard = await startTestShard();
});
afterAll(() => shard.close());

function setup() {
  const journal = new EventEmitter().setMaxListeners(0);
  const records: JournalRecord[] = [];
  const write = (record: JournalRecord): void => {
    records.push(record);
    journal.emit('record');
  };
  const parts = { write, address: (clientId: string) => addressOf(clientId), used: new UsedTokens() };
  const of = (clientId: string): JournalRecord[] => records.filter((record) => record[2] === clientId);
  /** Not by looking again and again: many who do so take the processor from those whom they wait for. */
  const until = async (clientId: string, isSo: () => boolean, timeoutMs: number): Promise<void> => {
    const signal = AbortSignal.timeout(timeoutMs);
    while (!isSo()) {
      await once(journal, 'record', { signal }).catch(() => {
        throw new Error(`${clientId} got no further than ${JSON.stringify(of(clientId))}`);
      });
    }
  };
  /** Resolves once it has got what was sent after its connections were cut. */
  const cut = async (cutAfterMs: number): Promise<SocketIoClient> => {
    const client = new SocketIoClient(`cut-after-${cutAfterMs}`, true, parts);
    const { clientId } = client;
    client.come();
    await until(clientId, () => client.isConnected, CONNECTED_MS);
    await wait(cutAfterMs);
    client.cut();
    const got = (): number => of(clientId).filter(([what]) => what === 'arrived').length;
    // The first one may come by a poll that was under way.
    for (const n of [1, 2]) {
      const data: LoadMessage = { life: 'test', log: `inbox:${clientId}`, n };
      await shard.flotilla.send({ from: null, to: clientId, data });
      await until(clientId, () => got() >= n, SOON_MS);
    }
    return client;
  };
  return { cut };
}

async function addressOf(clientId: string) {
  const base = `127.0.0.1:${shard.shard.port}`;
  return {
    clientId,
    shard: 0,
    url: `ws://${base}/s/0/ws`,
    token: await shard.token({ sub: clientId }),
    socketIo: { url: `http://${base}`, path: '/s/0/socket.io/' },
    expiresAt: Infinity,
  };
}

test('a client that polls and is cut, however soon after its welcome, soon gets what is sent then', async () => {
  const { cut } = setup();
  const clients = await Promise.all(CUT_AFTER_MS.map((cutAfterMs) => cut(cutAfterMs)));
  await Promise.all(clients.map((client) => client.leave()));
}, 120_000);
