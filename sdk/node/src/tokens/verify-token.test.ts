import { CompactSign, UnsecuredJWT } from 'jose';
import { describe, expect, test } from '@jest/globals';
import type { TokenClaims } from '@flotilla-im/protocol';
import { issueToken } from './issue-token.ts';
import type { TokenKey } from './key-set.ts';
import { loadTokenKeys, type TokenKeys } from './token-keys.ts';
import { verifyToken } from './verify-token.ts';

const NOW = 1_700_000_000_123;
const secret = (fill: number): string => Buffer.alloc(32, fill).toString('base64url');
const oct = (kid: string, fill: number): TokenKey => ({ kty: 'oct', kid, alg: 'HS256', k: secret(fill) });

async function ed25519(kid: string): Promise<{ full: TokenKey; open: TokenKey }> {
  const pair = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  const { x, d } = await crypto.subtle.exportKey('jwk', pair.privateKey);
  const open: TokenKey = { kty: 'OKP', kid, alg: 'EdDSA', crv: 'Ed25519', x };
  return { open, full: { ...open, d } };
}

async function setup() {
  const keys = await loadTokenKeys({ keys: [oct('a', 1), oct('b', 2)] });
  const issue = async (signWith: TokenKeys = keys, content: Partial<TokenClaims> = {}) =>
    (await issueToken(signWith, { aud: 'chat', sub: 'alice', ...content }, { ttlMs: 10_000, nowMs: NOW })).token;
  const verify = (token: unknown, nowMs = NOW) => verifyToken(token, { keys, audience: 'chat', nowMs });
  return { keys, issue, verify };
}

async function sign(payload: string, header: { alg: string; kid?: string }, fill = 1): Promise<string> {
  return new CompactSign(new TextEncoder().encode(payload)).setProtectedHeader(header).sign(Buffer.alloc(32, fill));
}

const claims = (more: object = {}): string =>
  JSON.stringify({ aud: 'chat', sub: 'alice', jti: '1', iat: NOW / 1_000, exp: NOW / 1_000 + 10, ...more });

describe('a token that was issued here', () => {
  test('is verified, and says what it was given', async () => {
    const { issue, verify } = await setup();
    const content = { device: 'phone', replace: true as const, metadata: { ip: '::1' }, grants: { send: ['bob'] } };
    expect(await verify(await issue(undefined, content))).toMatchObject({ aud: 'chat', sub: 'alice', ...content });
  });

  test('is verified by any key of the set, so that keys can be rotated', async () => {
    const { issue, verify } = await setup();
    const rotated = await loadTokenKeys({ keys: [oct('b', 2)] });
    expect((await verify(await issue(rotated))).sub).toBe('alice');
  });

  test('can be signed by Ed25519 and verified with the public part alone', async () => {
    const { full, open } = await ed25519('e');
    const { issue } = await setup();
    const token = await issue(await loadTokenKeys({ keys: [full] }));
    const keys = await loadTokenKeys({ keys: [open] });
    expect((await verifyToken(token, { keys, audience: 'chat', nowMs: NOW })).sub).toBe('alice');
    await expect(issue(keys)).rejects.toMatchObject({ code: 'bad_options' });
  });

  test('expires to the millisecond', async () => {
    const { issue, verify } = await setup();
    const token = await issue();
    expect((await verify(token, NOW + 9_999)).sub).toBe('alice');
    await expect(verify(token, NOW + 10_000)).rejects.toMatchObject({ code: 'token_expired', retryable: true });
  });

  test('is refused once its session has ended', async () => {
    const { issue, verify } = await setup();
    const token = await issue(undefined, { sessionExpiresAt: NOW + 5 });
    expect((await verify(token, NOW + 4)).sub).toBe('alice');
    await expect(verify(token, NOW + 5)).rejects.toMatchObject({ code: 'session_expired', retryable: false });
  });

  test('is refused by another cluster', async () => {
    const { issue, verify } = await setup();
    await expect(verify(await issue(undefined, { aud: 'other' }))).rejects.toMatchObject({ code: 'token_audience' });
  });
});

describe('what is no token of this cluster', () => {
  test.each([undefined, null, ''])('%p is missing', async (token) => {
    const { verify } = await setup();
    await expect(verify(token)).rejects.toMatchObject({ code: 'token_missing' });
  });

  test.each(['x', 'a.b.c', '..', 'e30.e30.e30', 7, 'a'.repeat(20_000)])('%p is malformed', async (token) => {
    const { verify } = await setup();
    await expect(verify(token)).rejects.toMatchObject({ code: 'token_malformed' });
  });

  test('alg none is refused', async () => {
    const { verify } = await setup();
    const token = new UnsecuredJWT(JSON.parse(claims()) as Record<string, unknown>).encode();
    await expect(verify(token)).rejects.toMatchObject({ code: 'token_invalid', retryable: false });
  });

  test('a signature by another key of the same name is forged', async () => {
    const { issue, verify } = await setup();
    const foreign = await loadTokenKeys({ keys: [oct('a', 9)] });
    await expect(verify(await issue(foreign))).rejects.toMatchObject({ code: 'token_invalid' });
  });

  test('a forged token that also expired is told that it is forged', async () => {
    const { issue, verify } = await setup();
    const foreign = await loadTokenKeys({ keys: [oct('a', 9)] });
    await expect(verify(await issue(foreign), NOW + 60_000)).rejects.toMatchObject({ code: 'token_invalid' });
  });

  test('a public key used as a secret does not pass', async () => {
    const { open } = await ed25519('e');
    const keys = await loadTokenKeys({ keys: [open] });
    const token = await new CompactSign(new TextEncoder().encode(claims()))
      .setProtectedHeader({ alg: 'HS256', kid: 'e' })
      .sign(Buffer.from(open.x ?? '', 'base64url'));
    await expect(verifyToken(token, { keys, audience: 'chat', nowMs: NOW })).rejects.toMatchObject({
      code: 'token_invalid',
    });
  });

  test('an unknown key id, or none, asks for a new address', async () => {
    const { verify } = await setup();
    for (const header of [{ alg: 'HS256', kid: 'z' }, { alg: 'HS256' }]) {
      await expect(verify(await sign(claims(), header))).rejects.toMatchObject({
        code: 'token_key_unknown',
        retryable: true,
      });
    }
  });

  test.each(['[]', 'nonsense', '{}', claims({ sub: '' }), claims({ sub: '\ud800' }), claims({ exp: 'soon' })])(
    'a signed payload %p is malformed',
    async (payload) => {
      const { verify } = await setup();
      const token = await sign(payload, { alg: 'HS256', kid: 'a' });
      await expect(verify(token)).rejects.toMatchObject({ code: 'token_malformed' });
    },
  );
});

describe('a key set', () => {
  test.each([
    ['not JSON', '{'],
    ['empty', { keys: [] }],
    ['a short secret', { keys: [{ ...oct('a', 1), k: Buffer.alloc(31).toString('base64url') }] }],
    ['two keys of one name', { keys: [oct('a', 1), oct('a', 2)] }],
    ['another algorithm', { keys: [{ ...oct('a', 1), alg: 'HS512' }] }],
    ['another kind of key', { keys: [{ kty: 'RSA', kid: 'a', alg: 'RS256' }] }],
  ])('is refused when it is %s, without repeating it', async (_, set) => {
    const error = await loadTokenKeys(set as never).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'bad_options' });
    expect(String(error)).not.toContain(secret(1).slice(0, 12));
  });
});
