// The business of the device beside this file: gives it addresses, hears its temperature, and tells it to cool down.
//
// FLOTILLA_REDIS_URL        default redis://127.0.0.1:6380, where `npm start` has it
// FLOTILLA_CLUSTER          default local
// FLOTILLA_TOKEN_KEYS_FILE  default .flotilla/token-keys.json, the shards' keys
// PORT                      default 8081; 0 takes a free one
// DEVICE_KEYS               who may come, as in device-7:secret,device-8:other; default device-7:secret
import { createHash, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createFlotilla, type UpstreamFrame } from '@flotilla-im/sdk';

const deviceKeys = (process.env['DEVICE_KEYS'] ?? 'device-7:secret').split(',');
const im = await createFlotilla({
  redis: process.env['FLOTILLA_REDIS_URL'] ?? 'redis://127.0.0.1:6380',
  cluster: process.env['FLOTILLA_CLUSTER'] ?? 'local',
  tokenKeys: process.env['FLOTILLA_TOKEN_KEYS_FILE'] ?? '.flotilla/token-keys.json',
  waitForStore: true,
});

/** Upstream is the whole cluster's: by this it knows the clients that it gave addresses to. */
const OURS = 'devices';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Who the device is, is the business's own decision: it goes by the key, never by a name that the device gives. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const shown = digest(request.headers.authorization ?? '');
  const key = deviceKeys.find((each) => timingSafeEqual(digest(`Bearer ${each}`), shown));
  const clientId = key?.split(':')[0];
  if (request.url !== '/address' || clientId === undefined) return void response.writeHead(403).end();
  try {
    const address = await im.connectInfo(clientId, { metadata: OURS, grants: { upstream: true } });
    response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(address));
  } catch (error) {
    console.error(error);
    response.writeHead(503).end();
  }
}

/** What a device says is text, as it said it. An exception here has the frame tried again; the key keeps that to one command. */
async function hear({ clientId, id, data, metadata }: UpstreamFrame): Promise<void> {
  if (metadata !== OURS) return;
  console.log(clientId, data);
  const { temperature } = JSON.parse(String(data)) as { temperature: number };
  await im.send({ from: null, to: clientId, data: { cool: temperature > 21 }, key: id });
}

const listening = im.upstream.on(hear, { group: OURS, onError: (error) => console.error(error) });
const server = createServer((request, response) => void answer(request, response));
await once(server.listen(Number(process.env['PORT'] ?? 8_081), '127.0.0.1'), 'listening');
console.log(`addresses at http://127.0.0.1:${(server.address() as AddressInfo).port}/address`);

/** What was begun is finished. */
async function stop(): Promise<void> {
  server.close();
  server.closeAllConnections();
  await listening.close();
  await im.close();
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
