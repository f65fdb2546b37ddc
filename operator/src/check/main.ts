// Connects to every shard and sends a message across: node check.js
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ConfigError, unknownVariables } from '@flotilla-im/environment';
import { createFlotilla, isFlotillaError } from '@flotilla-im/sdk';
import type { Way } from './check-way.ts';
import { checkCluster } from './check-cluster.ts';
import { CHECK_VARIABLES, type CheckConfig, readCheckConfig } from './config.ts';

const EXIT = { notWell: 1, configuration: 2 } as const;
const PATIENCE_MS = 30_000;

async function run(config: CheckConfig, signal: AbortSignal): Promise<boolean> {
  const { cluster, redisUrl: redis, redisPasswordFile, tokenKeysFile: tokenKeys } = config;
  const redisPassword = redisPasswordFile === null ? undefined : (await readFile(redisPasswordFile, 'utf8')).trim();
  const im = await createFlotilla({ redis, redisPassword, cluster, tokenKeys, waitForStore: true, signal });
  try {
    return await checkCluster({
      im,
      ways: (urls) => waysOf(config, urls),
      tell: (sentence) => void process.stdout.write(`${sentence}\n`),
      run: randomBytes(4).toString('hex'),
      patienceMs: PATIENCE_MS,
    });
  } finally {
    await im.close();
  }
}

function waysOf({ serviceUrl, routeUrl }: CheckConfig, urls: ReadonlyMap<number, string>): readonly Way[] {
  const filled = (template: string, shard: number): string => template.replaceAll('{shard}', String(shard));
  const service = { name: 'by its Service', baseOf: (shard: number) => filled(serviceUrl, shard) };
  if (routeUrl === undefined) return [service];
  const baseOf = (shard: number): string => (routeUrl === null ? (urls.get(shard) ?? '') : filled(routeUrl, shard));
  return [service, { name: 'by its route', baseOf }];
}

function explain(error: unknown): { readonly text: string; readonly code: number } {
  if (error instanceof ConfigError) return { text: error.message, code: EXIT.configuration };
  if (isFlotillaError(error)) return { text: `${error.message}.`, code: EXIT.notWell };
  return { text: error instanceof Error ? (error.stack ?? error.message) : String(error), code: EXIT.notWell };
}

for (const { variable, nearest } of unknownVariables(process.env, CHECK_VARIABLES)) {
  process.stderr.write(`${variable} is not read by anybody here; ${nearest} was probably meant.\n`);
}
// As the first process of a container it would otherwise ignore them.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => process.exit(EXIT.notWell));
try {
  const isWell = await run(readCheckConfig(process.env), AbortSignal.timeout(PATIENCE_MS));
  process.exitCode = isWell ? 0 : EXIT.notWell;
} catch (error) {
  const { text, code } = explain(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = code;
}
