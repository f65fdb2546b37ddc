import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { JournalRecord } from '../../chaos/journal/record.ts';
import { SocketIoClient } from '../../chaos/load/clients/socket-io-client.ts';
import { UsedTokens } from '../../chaos/load/clients/used-tokens.ts';
import type { LoadMessage } from '../../chaos/load/sending/message.ts';
import { eventually } from '../../support/eventually.ts';
import { type ShardHarness, startTestShard } from '../im-edge/shard-harness.ts';

/** From the welcome to the end of all connections, each for a client of its own: an upgrade takes some of that. Milliseconds. */
const CUT_AFTER_MS = Array.from({ length: 26 }, (_, i) => 4 * i);
/** Less than the 20 s after which a client gives up a connection that is silent, however slow the machine. */
const SOON_MS = 15_000;

let shard: ShardHarness;

beforeAll(async () => {
  shard = await startTestShard();
});
afterAll(() => shard.close());

function setup() {
  const records: JournalRecord[] = [];
  const parts = {
    write: (record: JournalRecord): void => void records.push(record),
    address: (clientId: string) => addressOf(clientId),
    used: new UsedTokens(),
  };
  /** Resolves once it has got what was sent after its connections were cut. */
  const cut = async (cutAfterMs: number): Promise<SocketIoClient> => {
    const client = new SocketIoClient(`cut-after-${cutAfterMs}`, true, parts);
    client.come();
    await eventually(() => expect(client.isConnected).toBe(true));
    await wait(cutAfterMs);
    client.cut();
    const { clientId } = client;
    const got = (): number => records.filter((record) => record[0] === 'arrived' && record[2] === clientId).length;
    // The first one may come by a poll that was under way.
    for (const n of [1, 2]) {
      const data: LoadMessage = { life: 'test', log: `inbox:${clientId}`, n };
      await shard.flotilla.send({ from: null, to: clientId, data });
      await eventually(() => expect(got()).toBeGreaterThanOrEqual(n), SOON_MS);
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
