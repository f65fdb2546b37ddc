// FreeIM's chat-room sample, moved: its seven endpoints, with the answers that its page knows. PORT, default 8093, is for the
// proxy in front on this machine, which serves that page as well; SESSION_SECRET signs the ids, and must be the same in every
// process; the other variables are those of all examples.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { FlotillaError, isFlotillaError } from '@flotilla-im/sdk';
import { createImHelper } from '@flotilla-im/sdk/freeim';
import { createEndpoints, PRE_CONNECT } from './endpoints.ts';
import { createSession } from './session.ts';

const { FLOTILLA_REDIS_URL: redis = 'redis://127.0.0.1:6380', FLOTILLA_CLUSTER: cluster = 'local' } = process.env;
const { FLOTILLA_TOKEN_KEYS_FILE: tokenKeys = '.flotilla/token-keys.json', PORT = '8093' } = process.env;
const ImHelper = createImHelper();
await ImHelper.initialization({ redis, cluster, tokenKeys, waitForStore: true, onError: console.error });
const endpoints = createEndpoints(ImHelper);
const session = createSession(process.env['SESSION_SECRET']);
const [MOST_CHARACTERS, MOST_RECEIVERS] = [262_144, 1_000];

/** Once per arrival, by one process of the group. It is only worth telling to whoever is there now, so nobody keeps it. */
async function tellEverybody(clientId: string): Promise<void> {
  const msg = { type: 'text', content: `用户${clientId}上线了` };
  // JSON within JSON, as all that the page gets: it parses twice.
  const notice = JSON.stringify({ type: 'broadcastmsg', sender: 0, senderNick: '', time: Date.now(), msg });
  const everybody = await ImHelper.getClientListByOnline();
  for (let i = 0; i < everybody.length; i += MOST_RECEIVERS) {
    await ImHelper.sendMessage(0, everybody.slice(i, i + MOST_RECEIVERS), notice, false, { live: true });
  }
}
ImHelper.eventBus(tellEverybody, (clientId) => console.log('offline', clientId), { group: 'freeim-chat' });
ImHelper.onSend(({ senderClientId, receiveClientId, chan }) =>
  console.log('send', senderClientId, receiveClientId, chan),
);

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) {
    body += String(chunk);
    if (body.length > MOST_CHARACTERS) throw new FlotillaError('data_too_large', 'the form is too long');
  }
  return body;
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<{ code: number }> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const route = `${String(request.method)} ${pathname}`;
  const endpoint = endpoints[route];
  if (endpoint === undefined) return { code: 404 };
  const form = request.method === 'POST' ? new URLSearchParams(await bodyOf(request)) : searchParams;
  const me = session.idOf(request) ?? (route === PRE_CONNECT ? session.begin(response) : null);
  if (me === null) return { code: 401 };
  const said = form.get('senderWebsocketId') ?? form.get('websocketId') ?? me;
  if (said !== me && route !== PRE_CONNECT) return { code: 403 };
  const ip = request.headers['x-real-ip'] ?? request.socket.remoteAddress;
  return { code: 0, ...(await endpoint((field) => form.get(field) ?? '', me, ip)) };
}

function explain(error: unknown): { code: number; message?: string } {
  if (isFlotillaError(error)) return { code: error.retryable ? 503 : 400, message: error.message };
  console.error(error);
  return { code: 500 };
}

const door = createServer((request, response) => {
  const answered = answer(request, response).catch(explain);
  void answered.then((body) => {
    response.writeHead(body.code === 0 ? 200 : body.code, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body));
  });
});
door.listen(Number(PORT), '127.0.0.1', () => console.log('listening'));

/** Receipts that are due and what is being handled are finished first. */
async function stop(): Promise<void> {
  door.close();
  await ImHelper.close();
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void stop());
