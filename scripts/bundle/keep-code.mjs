// Runs a program of an image for a moment and keeps what V8 made of it beside it: node <flags> keep-code.mjs <program>
// The flags must be those that the image starts it with. What it is told leads it as far as a start goes without Redis and
// Kubernetes: all its modules are loaded, and it tries to connect.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const REHEARSAL_MS = 2_000;
const folder = mkdtempSync(join(tmpdir(), 'rehearsal-'));
const file = (name, text) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const exposure = { namePrefix: 'im-s', podNamePrefix: 'im-', publicUrl: 'ws://127.0.0.1/s/{shard}' };
const nowhere = 'http://127.0.0.1:1';
const kubeconfig = `apiVersion: v1
kind: Config
current-context: here
contexts: [{ name: here, context: { cluster: here, user: me } }]
clusters: [{ name: here, cluster: { server: '${nowhere}' } }]
users: [{ name: me, user: { token: none } }]
`;

Object.assign(process.env, {
  FLOTILLA_LOG_LEVEL: 'fatal',
  FLOTILLA_SHARD: '0',
  FLOTILLA_PORT: '0',
  FLOTILLA_DEMO_PORT: '0',
  FLOTILLA_REDIS_URL: 'redis://127.0.0.1:1',
  FLOTILLA_TOKEN_KEYS_FILE: file(
    'keys.json',
    JSON.stringify({ keys: [{ kty: 'oct', kid: '1', alg: 'HS256', k: 'k'.repeat(43) }] }),
  ),
  FLOTILLA_MODE: 'kubernetes',
  FLOTILLA_NAMESPACE: 'rehearsal',
  FLOTILLA_STATEFULSET: 'im',
  FLOTILLA_SHARD_MAP: 'map',
  FLOTILLA_LEASE: 'lease',
  FLOTILLA_IDENTITY: 'operator-0',
  FLOTILLA_EXPOSURE_FILE: file('exposure.json', JSON.stringify(exposure)),
  KUBECONFIG: file('kubeconfig.yaml', kubeconfig),
});
const program = resolve(process.argv[2]);
process.argv.splice(1, 2, program);
const { script, codeFile } = createRequire(import.meta.url)(program);
process.on('exit', () => {
  writeFileSync(codeFile, script.createCachedData());
  rmSync(folder, { recursive: true });
  // How the program ended without all that it needs is no fault of the rehearsal.
  process.exitCode = 0;
});
setTimeout(() => process.kill(process.pid, 'SIGTERM'), REHEARSAL_MS).unref();
