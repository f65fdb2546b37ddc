// The chat handler whose pages say `B|text`, in as many processes and over as many shards as you like. A page asks GET
// /Handler1.ashx for an address and says its frames over that WebSocket; what it hears is the text and nothing else. Who it is
// says its token, never the page. PORT, default 8092, is for the proxy in front on this machine, which signs people in and says
// who asks in X-Forwarded-User; the other variables are those of all examples.
import { createServer } from 'node:http';
import { type ConsumeFailure, createFlotilla, isFlotillaError, type UpstreamFrame } from '@flotilla-im/sdk';

const { FLOTILLA_REDIS_URL: redis = 'redis://127.0.0.1:6380', FLOTILLA_CLUSTER: cluster = 'local' } = process.env;
const { FLOTILLA_TOKEN_KEYS_FILE: tokenKeys = '.flotilla/token-keys.json', PORT = '8092' } = process.env;
const im = await createFlotilla({ redis, cluster, tokenKeys, waitForStore: true });
const OURS = 'chat';

/** Whom a client named last is a membership of its own: kept in Redis, so it holds for every process and for years. */
const LAST = 'to:';
const lastOf = async (id: string) => (await im.channels.ofClient(id)).filter((name) => name.startsWith(LAST));

/** Durable: it waits, in order, for whoever is away, for as long as the shards' logs keep it (2 days unless set otherwise). */
async function onFrame({ clientId, id, data, metadata }: UpstreamFrame): Promise<void> {
  if (metadata !== OURS) return;
  const frame = String(data);
  // The first bar parts receiver and text, which may have more of them; `|text` and `text` go to whom was named last.
  const bar = frame.indexOf('|');
  const before = await lastOf(clientId);
  const last = bar > 0 ? LAST + frame.slice(0, bar) : before[0];
  if (last === undefined) return tell(clientId, 'Nobody was named yet: say B|text.');
  const message = { from: clientId, to: last.slice(LAST.length), data: frame.slice(bar + 1) };
  try {
    const others = before.filter((name) => name !== last);
    if (!before.includes(last)) await im.channels.join(last, clientId);
    if (others.length > 0) await im.channels.leave(others, clientId);
    // The frame's own id is the key: one that a process did not finish is done again by another, and arrives once.
    await im.send({ ...message, format: 'text', key: id });
  } catch (error) {
    if (!isFlotillaError(error) || error.retryable) throw error;
    await tell(clientId, `Not sent: ${error.message}.`);
  }
}

/** A word of the service itself: only to whoever is there now. */
async function tell(to: string, data: string): Promise<void> {
  await im.send({ from: null, to, data, format: 'text', live: true });
}

/** What fails is tried again in place while others' frames go on; given up, it is kept as a dead letter, and the page hears of it. */
function onError(error: unknown, { stage, event }: ConsumeFailure): void {
  console.error(stage, error);
  if (stage !== 'dead_letter') return;
  const { clientId } = event as UpstreamFrame;
  tell(clientId, 'Not sent: please try again.').catch(console.error);
}

const listening = im.upstream.on(onFrame, { group: OURS, onError });
await listening.ready;

const door = createServer((request, response) => {
  const { 'x-forwarded-user': user } = request.headers;
  if (typeof user !== 'string' || user === '') return void response.writeHead(401).end();
  const asked = new URL(request.url ?? '/', 'http://localhost').searchParams.get('user') ?? user;
  if (asked !== user) return void response.writeHead(403).end();
  // The newest page of a client replaces its older ones, which are closed with 4501 and do not come again.
  const address = im.connectInfo(user, { metadata: OURS, grants: { upstream: true }, replace: true });
  address.then((found) => response.end(JSON.stringify(found))).catch(() => response.writeHead(503).end());
});
door.listen(Number(PORT), '127.0.0.1', () => console.log('listening'));

/** What is being handled is finished; other processes take the rest. */
async function stop(): Promise<void> {
  door.close();
  await im.close();
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
