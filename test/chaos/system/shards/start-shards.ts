import { FleetKeeper, watchMap } from '@flotilla-im/local/testing';
import { writeFleetFile } from '@flotilla-im/operator/local';
import type { Ground } from '../ground.ts';
import type { ShardControl } from '../system.ts';
import { startEpochs } from './epochs.ts';
import { createLinkedShards } from './linked-shards.ts';
import { createShardControl } from './shard-control.ts';
import { createShardHttp } from './shard-http.ts';

/** Starts so many shards. It does not wait for them. */
export async function startShards(
  { cluster, files, programs, links, store, atEnd }: Ground,
  count: number,
  limits: Readonly<Record<string, number>>,
): Promise<ShardControl> {
  const numbers = Object.entries(limits).map(([name, limit]) => [name, String(limit)]);
  const shards = createLinkedShards({
    links,
    programs,
    env: {
      FLOTILLA_CLUSTER: cluster,
      FLOTILLA_TOKEN_KEYS_FILE: files.tokenKeys,
      ...(Object.fromEntries(numbers) as Record<string, string>),
    },
    clockPath: (id) => files.clockOf(`shard-${String(id)}`),
  });
  const keeper = new FleetKeeper({
    host: shards,
    portOf: (id) => shards.portOf(id),
    publish: (fleet) => writeFleetFile(files.fleet, fleet),
    onEvent: () => {},
    nowMs: () => performance.now(),
  });
  const epochs = await startEpochs(store);
  atEnd(() => epochs.close());
  const watch = watchMap(store, { changed: (_, { epoch }) => epochs.seen(epoch), health: () => {} });
  atEnd(() => watch.close());
  atEnd(() => keeper.close(0));
  await keeper.setDesired(count);
  return createShardControl({ keeper, shards, http: createShardHttp(fetch), watch, epochs, store });
}
