import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { homeTable, slotRuns } from '@flotilla-im/protocol';
import { createFlotilla, type Flotilla } from '@flotilla-im/sdk';
import { createRedisStore } from '@flotilla-im/store';
import { freePort } from '../../integration/redis-harness.ts';
import { pin, stopChild } from './child.ts';

/** IM processes of their own, each told its shard by the environment as in any deployment, and an SDK that routes to them. */
export interface Shards {
  readonly pids: readonly number[];
  readonly flotilla: Flotilla;
  stop(): Promise<void>;
}

const MAIN = fileURLToPath(new URL('../../../services/im/src/main.ts', import.meta.url));

/** Starts `count` shards pinned to processor `cpu`, publishes their map and resolves when all are ready. */
export async function startShards(redisUrl: string, cluster: string, count: number, cpu: number): Promise<Shards> {
  const folder = mkdtempSync(join(tmpdir(), 'flotilla-bench-'));
  const keysFile = join(folder, 'keys.json');
  const k = randomBytes(32).toString('base64url');
  writeFileSync(keysFile, JSON.stringify({ keys: [{ kty: 'oct', kid: 'bench', alg: 'HS256', k }] }), { mode: 0o600 });
  const ports = await Promise.all(Array.from({ length: count }, freePort));
  const children = await Promise.all(
    ports.map((port, shard) => startShard({ redisUrl, cluster, keysFile, port, shard })),
  );
  const pids = children.map((child) => child.pid ?? 0);
  for (const pid of pids) pin(pid, cpu);
  await publishMap(redisUrl, cluster, ports);
  const flotilla = await createFlotilla({ redis: redisUrl, cluster, tokenKeys: keysFile, tokenTtlMs: 300_000 });
  return {
    pids,
    flotilla,
    async stop() {
      await flotilla.close();
      await Promise.all(children.map(stopChild));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

interface ShardStart {
  readonly redisUrl: string;
  readonly cluster: string;
  readonly keysFile: string;
  readonly port: number;
  readonly shard: number;
}

async function startShard(start: ShardStart): Promise<ChildProcess> {
  const env = {
    ...process.env,
    FLOTILLA_REDIS_URL: start.redisUrl,
    FLOTILLA_CLUSTER: start.cluster,
    FLOTILLA_TOKEN_KEYS_FILE: start.keysFile,
    FLOTILLA_SHARD: String(start.shard),
    FLOTILLA_HOST: '127.0.0.1',
    FLOTILLA_PORT: String(start.port),
    FLOTILLA_LIMIT_CONNECTIONS_PER_ADDRESS: '100000',
    // The pace protects a shard from storms; the load comes as fast as it can.
    FLOTILLA_LIMIT_HANDSHAKES_PER_SECOND: '20000',
  };
  const args = [...process.execArgv, '--expose-gc', MAIN];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) if (line.includes('"ready":true')) break;
  if (child.exitCode !== null)
    throw new Error(`shard ${String(start.shard)} ended with code ${String(child.exitCode)}`);
  child.stdout.resume();
  return child;
}

async function publishMap(redisUrl: string, cluster: string, ports: readonly number[]): Promise<void> {
  const slots = slotRuns(homeTable(ports.length));
  const shards = ports.map((port, id) => ({
    id,
    url: `ws://127.0.0.1:${String(port)}/s/${String(id)}`,
    state: 'up' as const,
  }));
  const store = await createRedisStore({ url: redisUrl, cluster });
  await store.map.publish({ schema: 1, compatible: 1, epoch: 1, shards, home: slots, owner: slots });
  await store.close();
}
