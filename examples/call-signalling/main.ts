// Call signalling, in as many processes and over as many shards as you like. A page asks GET /WsService for an address and says
// its frames (README.md) over that WebSocket. Who it is says its token, never a frame. A call is a channel of two members: every
// process sees the same calls, and none has anything to lose. PORT, default 8091, is for the proxy in front on this machine,
// which signs people in and says who asks in X-Forwarded-User; the other variables are those of all examples.
import { createServer } from 'node:http';
import { type ConsumeFailure, createFlotilla, type PresenceEvent, type UpstreamFrame } from '@flotilla-im/sdk';

const { FLOTILLA_REDIS_URL: redis = 'redis://127.0.0.1:6380', FLOTILLA_CLUSTER: cluster = 'local' } = process.env;
const { FLOTILLA_TOKEN_KEYS_FILE: tokenKeys = '.flotilla/token-keys.json', PORT = '8091' } = process.env;
const im = await createFlotilla({ redis, cluster, tokenKeys, waitForStore: true });
const [NEVER, DROPPED, BUSY] = ['对方未建立链接', '对方意外断开连接', '对方正在通话'];
const [OVER, BAD] = ['通话已结束', '消息无法处理'];
const HEARD: Said = { accept: 'accepted', refuse: 'refused', hang_up: 'hung_up' };
const [OURS, CALL, LOST] = ['calls', 'call:', 'calls-lost'];
type Said = Readonly<Record<string, unknown>>;
const callsOf = async (id: string) => (await im.channels.ofClient(id)).filter((name) => name.startsWith(CALL));

/** Durable: a page that changes its shard just now gets it there. By its key nothing is said twice. */
async function say(type: string, from: string | null, to: string | string[], id: string, said: Said, msg = '') {
  const { sponsorUserName = '', field1 = '', field2 = '', field3 = '' } = said;
  const data = { sponsorUserId: from, ...(from !== null && { sponsorUserName, field1, field2, field3 }) };
  await im.send({ from, to, data: { type, ok: msg === '', msg, data }, key: `${id} ${type}` });
}
const fail = (to: string, id: string, msg: string) => say('dialing_response', null, to, id, {}, msg);

async function dial(me: string, other: string, id: string, said: Said, shared?: string): Promise<void> {
  const [isOnline = false] = await im.presence.online([other]);
  if (!isOnline) return fail(me, id, (await im.channels.isMember(LOST, other)) ? DROPPED : NEVER);
  const call = shared ?? CALL + id;
  await im.channels.join(call, [me, other]);
  // Looking comes after joining, so that of several that dial somebody at once no more than one gets through.
  if (shared !== undefined || (await callsOf(other)).length === 1) return say('called', me, other, id, said);
  await im.channels.leave(call, [me, other]);
  await fail(me, id, BUSY);
}

async function onFrame({ clientId: me, id, data, metadata }: UpstreamFrame): Promise<void> {
  if (metadata !== OURS) return;
  const said = JSON.parse(String(data)) as Said;
  const [type, other] = [String(said['type']), String(said['receiverUserId'])];
  if (type === 'create_connect') return;
  const theirs = await callsOf(other);
  const call = (await callsOf(me)).find((name) => theirs.includes(name));
  if (type === 'dialing') return dial(me, other, id, said, call);
  if (typeof HEARD[type] !== 'string') return fail(me, id, BAD);
  if (call === undefined) return fail(me, id, OVER);
  await say(HEARD[type], me, [other, me], id, said); // One's own other devices stop ringing by it.
  if (type !== 'accept') await im.channels.leave(call, [me, other]);
}

/** Offline is who has not come back within the grace: not whose shard was moved, restarted or killed. */
async function onPresence(event: PresenceEvent): Promise<void> {
  if (event.type === 'gap' || event.type === 'lost' || event.metadata !== OURS) return;
  const { type, clientId, reason } = event;
  if (type === 'offline' && reason !== 'closed by the client') await im.channels.join(LOST, clientId);
  if (type === 'online') await im.channels.leave(LOST, clientId);
  for (const call of type === 'offline' ? await callsOf(clientId) : []) {
    const both = await im.channels.members(call).all();
    for (const other of both) if (other !== clientId) await fail(other, call, DROPPED);
    await say('hung_up', clientId, clientId, call, {});
    await im.channels.leave(call, both);
  }
}

/** An exception ends no socket: what was said is tried again, then kept as a dead letter, and the page hears of it. */
function onError(error: unknown, { stage, event }: ConsumeFailure): void {
  console.error(stage, error);
  const { clientId = '', id } = (event ?? {}) as Partial<UpstreamFrame>;
  if (stage === 'dead_letter' && id !== undefined) fail(clientId, id, BAD).catch(console.error);
}
im.presence.on(onPresence, { group: OURS, onError });
im.upstream.on(onFrame, { group: OURS, onError });
const door = createServer(({ headers: { 'x-forwarded-user': user } }, response) => {
  if (typeof user !== 'string' || user === '') return void response.writeHead(401).end();
  const address = im.connectInfo(user, { metadata: OURS, grants: { upstream: true } });
  address.then((found) => response.end(JSON.stringify(found))).catch(() => response.writeHead(503).end());
});
door.listen(Number(PORT), '127.0.0.1', () => console.log('listening'));
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => [door.close(), void im.close()]);
