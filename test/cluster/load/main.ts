// The load of the cluster tests: runs as a Pod beside the shards, listens as thousands of clients, sends, and observes.
import { createFlotilla } from '@flotilla-im/sdk';
import { readFileSync } from 'node:fs';
import { startControl } from './control.ts';
import { Load } from './load.ts';
import { parseSettings } from './settings.ts';

const settings = parseSettings(process.env, (path) => readFileSync(path, 'utf8'));
const flotilla = await createFlotilla({
  redis: settings.redis.url,
  redisPassword: settings.redis.password ?? undefined,
  cluster: settings.redis.cluster,
  tokenKeys: settings.tokenKeysFile,
  waitForStore: true,
});
const load = new Load(settings, flotilla);
startControl(settings.port, load);
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(0));
await load.start();
