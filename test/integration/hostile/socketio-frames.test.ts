import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventually } from '../../support/eventually.ts';
import { hostile } from './fuzz/hostile-texts.ts';
import { clientFrame } from './raw-frames.ts';
import type { RawPeer } from './raw-peer.ts';
import { endScenes, type Scene, startScene } from './scene.ts';

let scene: Scene;
const peers: RawPeer[] = [];

endScenes();
beforeAll(async () => {
  const rate = { FLOTILLA_LIMIT_FRAMES_PER_SECOND: '100000', FLOTILLA_LIMIT_FRAME_BURST: '100000' };
  scene = await startScene({ environment: { ...rate, FLOTILLA_LIMIT_HANDSHAKES_PER_SECOND: '100000' } });
});

/** A WebSocket that speaks Engine.IO by hand. */
async function engine(query = 'EIO=4&transport=websocket'): Promise<RawPeer> {
  const peer = await scene.raw({ path: `/socket.io/?${query}` });
  peers.push(peer);
  return peer;
}

/** The same once it has been welcomed. */
async function welcomed(clientId = 'mallory', grants: object = { upstream: true, send: ['bob'] }): Promise<RawPeer> {
  const peer = await engine();
  peer.text(`40${JSON.stringify({ token: await scene.pod.token({ sub: clientId, grants }) })}`);
  await peer.until(() => peer.texts.some((text) => text.startsWith('42["welcome"')));
  return peer;
}

/** What a frame came to: the code of an answer, of an error or of a goodbye, or that the transport closed. */
async function outcomeOf(peer: RawPeer, frames: readonly (string | Buffer)[]): Promise<string> {
  const before = peer.texts.length;
  for (const frame of frames)
    peer.write(typeof frame === 'string' ? clientFrame(0x81, Buffer.from(frame)) : clientFrame(0x82, frame));
  // A request that is well, behind it: what is answered first is the answer to what came before.
  peer.text('4277["upstream",0]');
  const codeIn = (text: string): string | undefined =>
    /^(?:42\["(?:error|bye)",|43\d+\[)\{.*?"code":"?([a-z_]+|\d+)/u.exec(text)?.[1] ??
    (/^4377/u.test(text) ? 'passed' : undefined);
  await peer.until(
    () => peer.isOver || peer.close !== null || peer.texts.slice(before).some((text) => codeIn(text) !== undefined),
  );
  const [code] = peer.texts.slice(before).flatMap((text) => codeIn(text) ?? []);
  return code ?? 'closed';
}

const DEEP = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;

describe('an event of a Socket.IO client', () => {
  it.each<[string, (string | Buffer)[], string]>([
    ['with a name of every object', ['42["__proto__",{}]'], 'bad_frame'],
    ['with another such name', ['42["constructor",{}]'], 'bad_frame'],
    ['with a number for its name', ['42[5,{}]'], 'bad_frame'],
    ['whose fields come from a prototype', ['42["send",{"__proto__":{"to":"bob"},"data":1}]'], 'bad_client_id'],
    ['with a toJSON of its own', ['42["send",{"toJSON":1,"to":"bob","data":1,"id":""}]'], 'bad_frame'],
    ['without its argument', ['42["send"]'], 'bad_frame'],
    ['with a list for its argument', ['42["send",[{"to":"bob","data":1}]]'], 'bad_frame'],
    ['deeper than the stack', [`42["upstream",${DEEP}]`], 'bad_data'],
    ['deeper than the stack, with an acknowledgement', [`4212["upstream",${DEEP}]`], 'bad_data'],
    ['with a number beyond any', ['4213["send",{"to":"bob","data":1e999,"live":1e999}]'], 'bad_frame'],
    [
      'with an acknowledgement beyond any number',
      ['4299999999999999999999["send",{"to":"eve","data":1}]'],
      'not_granted',
    ],
    ['with too much data', [`4214["send",{"to":"bob","data":"${'x'.repeat(70_000)}"}]`], 'data_too_large'],
    ['called error', ['42["error",{}]'], 'bad_frame'],
    ['with a binary part', ['451-["send",{"to":"bob","data":{"_placeholder":true,"num":0}}]', Buffer.alloc(9)], '4504'],
    ['with a part that is not there', ['451-["send",{"_placeholder":true,"num":99}]', Buffer.alloc(9)], '4504'],
    ['that only promises binary parts', ['459999999-["send",{}]'], '4504'],
    ['that is a binary part of nothing', [Buffer.alloc(9)], '4504'],
    ['that is no JSON', ['42["send",{"to":'], '4504'],
    ['that is an object', ['42{}'], '4504'],
    ['of a reserved name', ['42["disconnect","x"]'], '4504'],
    ['of an unknown kind', ['49["send"]'], '4504'],
    ['that is a pong nobody asked for', ['3'], '4504'],
    ['of a namespace that is not there', ['42/admin,["send",{}]'], 'closed'],
    ['that is a second CONNECT', ['40{}'], 'closed'],
    ['that is no packet of the engine', ['x'], 'closed'],
    ['longer than a frame may be', ['4'.repeat(131_073)], 'closed'],
  ])('%s', async (_what, frames, expected) => {
    expect(await outcomeOf(await welcomed(), frames)).toBe(expected);
  });

  it('of any kind is answered, or ends its connection, and harms nobody else', async () => {
    const bystander = await welcomed('bystander');
    const valid = fc.constantFrom(
      '421["send",{"to":"bob","data":{"a":[1,2]},"id":"1"}]',
      '42["publish",{"channel":"news","data":1,"live":true}]',
      '42["ack",{"inbox":"9f2c41d07a3e.57","channels":{"news":"0.0"}}]',
      '422["subscribe","news"]',
      '451-["upstream",{"_placeholder":true,"num":0}]',
      '40/admin,{"token":"x"}',
    );
    let peer = await welcomed();
    await fc.assert(
      fc.asyncProperty(hostile(valid), async (text) => {
        if (peer.isOver || peer.close !== null) peer = await welcomed();
        expect(await outcomeOf(peer, [text.startsWith('4') ? text : `42${text}`])).toMatch(
          /^(closed|passed|\d{4}|[a-z_]+)$/u,
        );
      }),
      { numRuns: 150 },
    );
    await scene.flotilla.send({ from: null, to: 'bystander', data: 'still here' });
    await bystander.until(() => bystander.texts.some((text) => text.includes('still here')));
    expect(scene.pod.log().filter(({ level }) => level === 'error' || level === 'fatal')).toEqual([]);
  });
});

describe('a CONNECT', () => {
  it.each([
    ['without an object', '40', 'token_missing'],
    ['with a list', '40[]', 'closed'],
    ['with a number for its token', '40{"token":5}', 'token_malformed'],
    ['with a token of 100,000 letters', `40{"token":"${'a'.repeat(100_000)}"}`, 'token_malformed'],
    ['with positions deeper than the stack', `40{"token":"x","channels":${DEEP}}`, 'bad_data'],
    ['with a prototype for its positions', '40{"token":"x","channels":{"__proto__":5}}', 'bad_position'],
    ['to a namespace of every object', '40/__proto__,{"token":"x"}', 'Invalid namespace'],
  ])('%s is refused with a code', async (_what, text, expected) => {
    const peer = await engine();
    peer.text(text);
    await peer.until(() => peer.isOver || peer.close !== null || peer.texts.some((one) => one.startsWith('44')));
    expect(peer.texts.find((one) => one.startsWith('44')) ?? 'closed').toContain(expected);
  });
});

it('nothing is left of any of them', async () => {
  expect(peers.length).toBeGreaterThan(30);
  for (const { socket } of peers) socket.destroy();
  await eventually(async () => expect(await scene.metric('connections{protocol="socketio"}')).toBe(0));
});
