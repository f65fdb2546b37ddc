// Serves the page beside it and tells it where to connect: all that a service does for a Socket.IO page that moves to Flotilla.
//
// FLOTILLA_REDIS_URL        default redis://127.0.0.1:6380, where `npm start` has it
// FLOTILLA_CLUSTER          default local
// FLOTILLA_TOKEN_KEYS_FILE  default .flotilla/token-keys.json, the shards' keys
// PORT                      default 8082; 0 takes a free one
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFlotilla } from '@flotilla-im/sdk';

const im = await createFlotilla({
  redis: process.env['FLOTILLA_REDIS_URL'] ?? 'redis://127.0.0.1:6380',
  cluster: process.env['FLOTILLA_CLUSTER'] ?? 'local',
  tokenKeys: process.env['FLOTILLA_TOKEN_KEYS_FILE'] ?? '.flotilla/token-keys.json',
  waitForStore: true,
});

/** Nothing else can be fetched, whatever a path says. */
const files = new Map([
  ['/', { type: 'text/html; charset=utf-8', file: new URL('page/index.html', import.meta.url) }],
  ['/page.js', { type: 'text/javascript', file: new URL('page/page.js', import.meta.url) }],
  ['/flotilla.js', { type: 'text/javascript', file: new URL('page/flotilla.js', import.meta.url) }],
  [
    '/socket.io.js',
    { type: 'text/javascript', file: new URL(import.meta.resolve('socket.io-client/dist/socket.io.js')) },
  ],
]);

/** A guest per browser. Yours is whoever your session says; never take an id that the page gives. */
function guestOf(request: IncomingMessage, response: ServerResponse): string {
  const known = /(?:^|; )guest=(guest-[0-9a-f-]{36})(?:;|$)/.exec(request.headers.cookie ?? '')?.[1];
  const guest = known ?? `guest-${randomUUID()}`;
  response.setHeader('set-cookie', `guest=${guest}; Path=/; HttpOnly; SameSite=Lax`);
  return guest;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const page = files.get(request.url ?? '');
  if (page !== undefined) {
    response.writeHead(200, { 'content-type': page.type }).end(await readFile(page.file));
  } else if (request.url === '/address') {
    const guest = guestOf(request, response);
    await im.channels.join('chat', [guest]);
    const address = await im.connectInfo(guest, { grants: { publish: ['chat'] } });
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(address));
  } else response.writeHead(404).end();
}

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    console.error(error);
    response.writeHead(503).end();
  });
});
await once(server.listen(Number(process.env['PORT'] ?? 8_082), '127.0.0.1'), 'listening');
console.log(`page at http://127.0.0.1:${(server.address() as AddressInfo).port}/`);

/** Requests under way are cut off: a page asks again. Its connection to a shard does not notice. */
async function stop(): Promise<void> {
  server.close();
  server.closeAllConnections();
  await im.close();
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
