import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestShard, type ShardHarness } from './shard-harness.ts';
import { nextEvent } from './eventually.ts';

let harness: ShardHarness;

beforeAll(async () => {
  harness = await startTestShard();
});

afterAll(() => harness.close());

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** Tokens that are refused, by what is wrong with them, with error code and close code. */
const CASES: [string, (given: ShardHarness) => Promise<string | null> | string | null, string, number][] = [
  ['none at all', () => null, 'token_missing', 4401],
  ['no JWT', () => 'abc', 'token_malformed', 4401],
  ['a JWT cut short', async ({ token }) => (await token()).split('.').slice(0, 2).join('.'), 'token_malformed', 4401],
  ['one longer than any', () => 'a.'.repeat(7_500), 'token_malformed', 4401],
  ['one without claims', ({ token }) => token({ sub: undefined }), 'token_malformed', 4401],
  ['a clientId that is none', ({ token }) => token({ sub: 'x'.repeat(129) }), 'token_malformed', 4401],
  ['one that has expired', ({ token }) => token({ exp: Date.now() / 1_000 - 0.001 }), 'token_expired', 4401],
  ['a key nobody knows', ({ token }) => token({}, { kid: 'k9' }), 'token_key_unknown', 4401],
  ['one of another cluster', ({ token }) => token({ aud: 'elsewhere' }), 'token_audience', 4503],
  ['a forged signature', ({ token }) => token({}, { secret: randomBytes(32) }), 'token_invalid', 4503],
  ['another algorithm', ({ token }) => token({}, { alg: 'HS512', secret: randomBytes(64) }), 'token_invalid', 4503],
  [
    'algorithm none',
    () =>
      `${part({ alg: 'none', kid: 'k1' })}.${part({ aud: 'edge-test', sub: 'alice', jti: 'x', iat: 1, exp: 9e9 })}.`,
    'token_invalid',
    4503,
  ],
  ['a session that has ended', ({ token }) => token({ sessionExpiresAt: Date.now() - 1 }), 'session_expired', 4502],
];

describe.each(CASES)('a token: %s', (_name, make, code, closeCode) => {
  it(`closes a plain WebSocket with ${closeCode} and the reason`, async () => {
    const { closed, texts } = await harness.peer({ token: await make(harness) });
    const end = await closed;
    expect(end.code).toBe(closeCode);
    expect(end.reason).toMatch(new RegExp(`^${code}: `, 'u'));
    expect(texts).toEqual([]);
  });

  it(`is told to flotilla.v1 as bye ${closeCode}`, async () => {
    const peer = await harness.peer({ token: await make(harness), protocol: 'flotilla.v1' });
    expect((await peer.closed).code).toBe(closeCode);
    expect(peer.frames()).toEqual([expect.objectContaining({ type: 'bye', code: closeCode, reason: code })]);
  });

  it('is told to Socket.IO in connect_error', async () => {
    const client = await harness.socketIo({ auth: { token: await make(harness) } });
    const [error] = await nextEvent(client, 'connect_error');
    expect(error).toMatchObject({ data: { code } });
  });
});

describe('a token that was good', () => {
  it('is spent by its first connection, whatever comes second', async () => {
    const token = await harness.token({ sub: 'bob' });
    const first = await harness.peer({ token });
    await first.opened;
    const second = await harness.peer({ token });
    expect(await second.closed).toMatchObject({
      code: 4402,
      reason: expect.stringMatching(/^token_used: the token was spent/u),
    });
    const third = await harness.peer({ token, protocol: 'flotilla.v1' });
    third.ws.once('open', () => third.ws.send('{"type":"resume"}'));
    expect((await third.closed).code).toBe(4402);
    const fourth = await harness.socketIo({ auth: { token } });
    expect((await nextEvent(fourth, 'connect_error'))[0]).toMatchObject({ data: { code: 'token_used' } });
    expect(first.ws.readyState).toBe(first.ws.OPEN);
  });

  it('is refused once business has revoked it', async () => {
    const token = await harness.token({ sub: 'carol' });
    await harness.flotilla.disconnect('carol', { reason: 'signed out', refuseTokensBefore: true });
    const peer = await harness.peer({ token });
    expect(await peer.closed).toMatchObject({ code: 4503, reason: expect.stringMatching(/^token_revoked/u) });
  });

  it('of a client whose name is not ASCII connects', async () => {
    const peer = await harness.peer({ token: await harness.token({ sub: 'ålice 🦊' }), protocol: 'flotilla.v1' });
    await peer.opened;
    peer.ws.send('{"type":"resume"}');
    const [data] = await nextEvent(peer.ws, 'message');
    expect(JSON.parse(String(data))).toMatchObject({ type: 'welcome', clientId: 'ålice 🦊' });
  });
});
