// The address service of the load: tells clients over HTTP where to connect, as a business service does.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFlotilla, type Flotilla } from '@flotilla-im/sdk';
import type { BusinessSettings } from '../load.ts';
import { serveCommands } from '../programs/serve.ts';

/** Clients ask again soon, so nobody is kept waiting for long. */
const DEADLINE_MS = 2_000;

/** A connection that was kept is not closed in the moment in which it is used again. */
const KEPT_OPEN_MS = 600_000;

const commands = {
  /** Resolves to its port on loopback once Redis can be reached. */
  begin: async ({ redisUrl, cluster, tokenKeysFile }: BusinessSettings): Promise<number> => {
    const flotilla = await createFlotilla({ redis: redisUrl, cluster, tokenKeys: tokenKeysFile, waitForStore: true });
    const server = createServer((request, response) => void answer(flotilla, request, response));
    server.keepAliveTimeout = KEPT_OPEN_MS;
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  },
};

/** What the address service can be told. */
export type AddressCommands = typeof commands;

serveCommands(commands);

/** One address for each client that is asked for, in this order; null for one that there is none for now. */
async function answer(flotilla: Flotilla, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  const device = searchParams.get('device') ?? undefined;
  const addresses = searchParams
    .getAll('client')
    .map((client) => flotilla.connectInfo(client, { device, deadlineMs: DEADLINE_MS }).catch(() => null));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(await Promise.all(addresses)));
}
