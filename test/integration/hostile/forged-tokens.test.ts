import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import type { RawPeer } from './raw-peer.ts';
import { endScenes, type Scene, startScene } from './scene.ts';

/** Two shards of one cluster; the map knows the first one only, so whoever is at the second is a guest. */
let first: Scene;
let second: Scene;

const pair = generateKeyPairSync('ed25519');
const x = String(pair.publicKey.export({ format: 'jwk' }).x);

endScenes();
beforeAll(async () => {
  first = await startScene();
  const file = join(first.redis.folder, 'both-keys.json');
  const open = { kty: 'OKP', kid: 'e1', alg: 'EdDSA', crv: 'Ed25519', x };
  await writeFile(file, JSON.stringify({ keys: [...first.pod.keys.keys, open] }));
  const environment = { FLOTILLA_SHARD: '1', FLOTILLA_TOKEN_KEYS_FILE: file };
  second = await startScene({ beside: first, environment });
});

function part(value: unknown): string {
  return Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
}

function claims(more: object = {}): object {
  const nowS = Date.now() / 1_000;
  return { aud: 'edge-test', sub: 'alice', jti: crypto.randomUUID(), iat: nowS, exp: nowS + 10, ...more };
}

function hmac(header: object, payload: unknown, secret: Buffer): string {
  const signed = `${part(header)}.${part(payload)}`;
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`;
}

const secret = (): Buffer => Buffer.from(first.pod.keys.keys[0]?.k ?? '', 'base64url');

async function replaced(payload: object): Promise<string> {
  const [header, , signature] = (await first.pod.token()).split('.');
  return `${header}.${part(payload)}.${signature}`;
}

/** What was done to a token, its error code, and the close code. */
const FORGED: [string, () => Promise<string> | string, string, number][] = [
  [
    'a public key for a secret',
    () => hmac({ alg: 'HS256', kid: 'e1' }, claims(), Buffer.from(x, 'base64url')),
    'token_invalid',
    4503,
  ],
  ['a secret under the name EdDSA', () => hmac({ alg: 'EdDSA', kid: 'k1' }, claims(), secret()), 'token_invalid', 4503],
  [
    'no algorithm under any spelling',
    () => `${part({ alg: 'nOnE', kid: 'k1' })}.${part(claims())}.`,
    'token_invalid',
    4503,
  ],
  [
    'the key it brings itself',
    () =>
      hmac(
        { alg: 'HS256', kid: 'k1', jwk: { kty: 'oct', k: part('x'.repeat(32)) } },
        claims(),
        Buffer.from('x'.repeat(32)),
      ),
    'token_invalid',
    4503,
  ],
  [
    'a header that must be understood',
    () => hmac({ alg: 'HS256', kid: 'k1', crit: ['exp'], exp: 1 }, claims(), secret()),
    'token_invalid',
    4503,
  ],
  [
    'a kid that is a path',
    () => hmac({ alg: 'HS256', kid: '../keys.json' }, claims(), secret()),
    'token_key_unknown',
    4401,
  ],
  [
    'a kid that every object has',
    () => hmac({ alg: 'HS256', kid: '__proto__' }, claims(), secret()),
    'token_key_unknown',
    4401,
  ],
  ["another client's claims", () => replaced(claims({ sub: 'bob' })), 'token_invalid', 4503],
  ['more grants', () => replaced(claims({ grants: { send: true } })), 'token_invalid', 4503],
  ['a longer life', () => replaced(claims({ exp: 9e9 })), 'token_invalid', 4503],
  [
    'an audience that is a list',
    () => hmac({ alg: 'HS256', kid: 'k1' }, claims({ aud: ['edge-test'] }), secret()),
    'token_malformed',
    4401,
  ],
  [
    'an end that is a text',
    () => hmac({ alg: 'HS256', kid: 'k1' }, claims({ exp: '9e9' }), secret()),
    'token_malformed',
    4401,
  ],
  ['a payload that is no UTF-8', () => hmac({ alg: 'HS256', kid: 'k1' }, '\ud800', secret()), 'token_malformed', 4401],
  [
    'a beginning that is to come',
    () => hmac({ alg: 'HS256', kid: 'k1' }, claims({ nbf: Date.now() / 1_000 + 60 }), secret()),
    'token_expired',
    4401,
  ],
];

function arrive({ raw }: Scene, token: string, protocol: 'plain' | 'v1' = 'plain'): Promise<RawPeer> {
  const headers = protocol === 'v1' ? { 'Sec-WebSocket-Protocol': 'flotilla.v1' } : {};
  return raw({ path: `/ws?token=${encodeURIComponent(token)}`, headers });
}

describe('a token with', () => {
  it.each(FORGED)('%s is refused by any shard, with its code', async (_what, forge, code, closeCode) => {
    const peer = await arrive(second, await forge());
    await peer.until(() => peer.close !== null);
    expect(peer.close).toMatchObject({ code: closeCode, reason: expect.stringMatching(new RegExp(`^${code}: `, 'u')) });
    const v1 = await arrive(second, await forge(), 'v1');
    await v1.until(() => v1.close !== null);
    expect(JSON.parse(v1.texts[0] ?? '')).toMatchObject({ type: 'bye', code: closeCode, reason: code });
  });

  it('a key of the set that only verifies is taken, so the refusals above are not for want of it', async () => {
    const signed = `${part({ alg: 'EdDSA', kid: 'e1' })}.${part(claims({ nbf: 1 }))}`;
    const peer = await arrive(
      second,
      `${signed}.${sign(null, Buffer.from(signed), pair.privateKey).toString('base64url')}`,
      'v1',
    );
    peer.text('{"type":"resume","clientId":"bob","sub":"bob","token":"x"}');
    await peer.until(() => peer.texts.length > 0);
    // Whatever else the first frame says: who somebody is stands in the token.
    expect(JSON.parse(peer.texts[0] ?? '')).toMatchObject({ type: 'welcome', clientId: 'alice', shard: 1 });
  });

  it('more letters than a header may have is 431; the first of two counts; none is in a header', async () => {
    const long = await second.raw({ path: `/ws?token=${'a'.repeat(17_000)}` });
    await long.ended();
    expect(long.status).toBe(431);
    const good = await first.pod.token();
    const twice = await second.raw({ path: `/ws?token=x&token=${good}` });
    await twice.until(() => twice.close !== null);
    expect(twice.close?.code).toBe(4401);
    const bearer = await second.raw({ headers: { Authorization: `Bearer ${good}` } });
    await bearer.until(() => bearer.close !== null);
    expect(bearer.close).toMatchObject({ code: 4401, reason: expect.stringMatching(/^token_missing/u) });
  });
});

describe('a good token that is used twice', () => {
  it('on one shard and later on another: 4402, and the first stays', async () => {
    const token = await first.pod.token({ sub: 'carol' });
    const one = await arrive(first, token);
    await first.flotilla.send({ from: null, to: 'carol', data: 1 });
    await one.until(() => one.texts.length === 1);
    const other = await arrive(second, token);
    await other.until(() => other.close !== null);
    expect(other.close).toMatchObject({ code: 4402, reason: expect.stringMatching(/^token_used/u) });
    await first.flotilla.send({ from: null, to: 'carol', data: 2 });
    await one.until(() => one.texts.length === 2);
  });

  it('on two shards in the same instant serves exactly one of them', async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, async (_, n) => {
        const token = await first.pod.token({ sub: `twin-${n}` });
        const twins = await Promise.all([arrive(first, token, 'v1'), arrive(second, token, 'v1')]);
        for (const twin of twins) twin.text('{"type":"resume"}');
        await Promise.all(twins.map((twin) => twin.until(() => twin.texts.length > 0)));
        return twins
          .map((twin) => JSON.parse(twin.texts[0] ?? '') as { type: string; code?: number })
          .map(({ type, code }) => code ?? type);
      }),
    );
    for (const outcome of outcomes) expect([...outcome].map(String).sort()).toEqual(['4402', 'welcome']);
  });
});
