import { describe, expect, it } from '@jest/globals';
import { type ErrorCode, isFlotillaError, parseTokenClaims } from '@flotilla-im/protocol';
import fc from 'fast-check';
import { CompactSign } from 'jose';
import { loadTokenKeys, verifyToken } from '../../../../sdk/node/src/tokens/index.ts';
import { DEEP, hostile, mutated } from './hostile-texts.ts';
import { durationOf, durationUntil, judged } from './judged.ts';

const SECRET = Buffer.alloc(32, 7);
const NOW_MS = 1_700_000_000_000;
const CLAIMS = { aud: 'chat', sub: 'alice', jti: '1', iat: NOW_MS / 1_000, exp: NOW_MS / 1_000 + 10 };

function sign(payload: string): Promise<string> {
  const signing = new CompactSign(new TextEncoder().encode(payload));
  return signing.setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(SECRET);
}

async function setup() {
  const k = SECRET.toString('base64url');
  const keys = await loadTokenKeys({ keys: [{ kty: 'oct', kid: 'k1', alg: 'HS256', k }] });
  const token = await sign(JSON.stringify(CLAIMS));
  const verify = async (given: unknown): Promise<ErrorCode | 'accepted'> => {
    try {
      await verifyToken(given, { keys, audience: 'chat', nowMs: NOW_MS });
      return 'accepted';
    } catch (error) {
      if (!isFlotillaError(error)) throw error;
      return error.code;
    }
  };
  return { token, verify };
}

const REFUSALS = ['token_missing', 'token_malformed', 'token_invalid', 'token_key_unknown'];

describe('a token', () => {
  it('that is not letter for letter the one that was signed is refused, with a code of its own', async () => {
    const { token, verify } = await setup();
    await fc.assert(
      fc.asyncProperty(mutated(fc.constant(token)), async (given) => {
        const code = await verify(given);
        // The last letter of a part holds bits that count for nothing.
        const isSame = sameBytes(given, token);
        expect(isSame ? [...REFUSALS, 'accepted'] : REFUSALS).toContain(code);
      }),
      { numRuns: 200 },
    );
  });

  it('with any header is refused, unless that names the key and its algorithm', async () => {
    const { token, verify } = await setup();
    const [, payload = '', signature = ''] = token.split('.');
    const header = fc.record(
      {
        alg: fc.oneof(fc.constantFrom('HS256', 'none', 'EdDSA', 'HS512', 'RS256'), fc.anything()),
        kid: fc.oneof(fc.constantFrom('k1', '__proto__', '../k1'), fc.anything()),
        crit: fc.anything(),
        b64: fc.anything(),
        jwk: fc.anything(),
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(hostile(header.map((one) => fc.stringify(one))), async (text) => {
        const given = `${Buffer.from(text).toString('base64url')}.${payload}.${signature}`;
        expect(REFUSALS).toContain(await verify(given));
      }),
      { numRuns: 150 },
    );
  });

  it('with any payload of ours has claims that can be used, or is refused', async () => {
    const { verify } = await setup();
    const payload = fc.record({ ...CLAIMS_OF_ANY_KIND }, { requiredKeys: ['aud', 'sub', 'jti', 'iat', 'exp'] });
    await fc.assert(
      fc.asyncProperty(hostile(payload.map((claims) => JSON.stringify(claims))), async (text) => {
        const claims = judged(() => parseTokenClaims(safely(text)));
        if ('code' in claims) expect(claims.code).toBe('token_malformed');
        await verify(await sign(text));
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['of the greatest length', `${'a'.repeat(8_000)}.${'b'.repeat(8_000)}.c`],
    ['of nothing but dots', '.'.repeat(16_000)],
    ['beyond any length', 'a.'.repeat(1_000_000)],
    ['that is no text', { toString: (): string => 'a.b.c' }],
  ])('%s is refused soon', async (_what, given) => {
    const { verify } = await setup();
    expect(await durationUntil(async () => expect(REFUSALS).toContain(await verify(given)))).toBeLessThan(200);
  });

  it('with metadata deeper than the stack is malformed', () => {
    const metadata: unknown = JSON.parse(DEEP);
    expect(
      durationOf(() =>
        expect(judged(() => parseTokenClaims({ ...CLAIMS, metadata }))).toEqual({ code: 'token_malformed' }),
      ),
    ).toBeLessThan(500);
  });
});

const CLAIMS_OF_ANY_KIND = {
  aud: fc.constantFrom('chat', 'other', '', null, ['chat']),
  sub: fc.oneof(fc.constant('alice'), fc.anything()),
  jti: fc.oneof(fc.constant('1'), fc.anything()),
  iat: fc.oneof(fc.constant(CLAIMS.iat), fc.double(), fc.anything()),
  exp: fc.oneof(fc.constant(CLAIMS.exp), fc.double(), fc.anything()),
  grants: fc.anything(),
  device: fc.anything(),
  sessionExpiresAt: fc.anything(),
  metadata: fc.anything(),
} as const;

function safely(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function sameBytes(one: string, other: string): boolean {
  const bytes = (token: string) =>
    token
      .split('.')
      .map((part) => Buffer.from(part, 'base64url').toString('hex'))
      .join('.');
  return bytes(one) === bytes(other);
}
