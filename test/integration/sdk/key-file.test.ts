import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { issueToken, loadTokenKeys, verifyToken, type TokenKey } from '@flotilla-im/sdk/tokens';

const folders: string[] = [];
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

const key = (kid: string, fill: number): TokenKey => ({
  kty: 'oct',
  kid,
  alg: 'HS256',
  k: Buffer.alloc(32, fill).toString('base64url'),
});

async function setup(...keys: readonly TokenKey[]) {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-keys-'));
  folders.push(folder);
  const path = join(folder, 'keys.json');
  /** As a mounted secret changes: by a rename. */
  const write = async (text: string): Promise<void> => {
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  };
  const writeKeys = (...set: readonly TokenKey[]) => write(JSON.stringify({ keys: set }));
  await writeKeys(...keys);
  const warnings: string[] = [];
  let nowMs = 1_000_000;
  const loaded = await loadTokenKeys(path, {
    nowMs: () => nowMs,
    onWarning: ({ message }) => void warnings.push(message),
  });
  const verify = (token: string) => verifyToken(token, { keys: loaded, audience: 'chat' });
  return { path, write, writeKeys, loaded, verify, warnings, pass: (ms: number) => void (nowMs += ms) };
}

const issue = async (keys: Awaited<ReturnType<typeof loadTokenKeys>>) =>
  (await issueToken(keys, { aud: 'chat', sub: 'alice' }, { ttlMs: 10_000 })).token;

test('a new first key signs a second after the file changed, and old tokens stay good', async () => {
  const { loaded, writeKeys, verify, pass } = await setup(key('a', 1));
  const old = await issue(loaded);
  await writeKeys(key('b', 2), key('a', 1));
  expect((await loaded.signer()).kid).toBe('a');
  pass(1_000);
  expect((await loaded.signer()).kid).toBe('b');
  expect((await verify(old)).sub).toBe('alice');
  expect((await verify(await issue(loaded))).sub).toBe('alice');
});

test('a token of a key not seen yet makes the file be read at once', async () => {
  const { writeKeys, verify, pass } = await setup(key('a', 1));
  await writeKeys(key('a', 1), key('b', 2));
  pass(200);
  const token = await issue(await loadTokenKeys({ keys: [key('b', 2)] }));
  expect((await verify(token)).sub).toBe('alice');
});

test('a key that was taken out verifies nothing more', async () => {
  const { loaded, writeKeys, verify, pass } = await setup(key('a', 1));
  const old = await issue(loaded);
  await writeKeys(key('b', 2));
  pass(1_000);
  await expect(verify(old)).rejects.toMatchObject({ code: 'token_key_unknown' });
});

test('a file that is broken or gone leaves the keys in use, with a warning', async () => {
  const { path, loaded, write, writeKeys, warnings, pass } = await setup(key('a', 1));
  await write('{"keys":[');
  pass(1_000);
  expect((await loaded.signer()).kid).toBe('a');
  await rm(path);
  pass(1_000);
  expect((await loaded.signer()).kid).toBe('a');
  expect(warnings).toEqual([expect.stringContaining('not JSON'), expect.stringContaining('cannot be read')]);
  await writeKeys(key('b', 2));
  pass(1_000);
  expect((await loaded.signer()).kid).toBe('b');
});

test('a file that is not there at start is refused by name', async () => {
  const opening = loadTokenKeys('/nowhere/keys.json');
  await expect(opening).rejects.toMatchObject({
    code: 'bad_options',
    message: expect.stringContaining('/nowhere/keys.json'),
  });
});
