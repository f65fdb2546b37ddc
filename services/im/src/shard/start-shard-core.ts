import { BROADCAST_CHANNEL } from '@flotilla-im/protocol';
import type { ShardCore } from './shard-core.ts';
import type { ShardDeps } from './shard-deps.ts';
import { assemble } from './assemble.ts';
import { RunningShardCore } from './running-shard-core.ts';

/**
 * Starts the heart of a pod: subscribes, registers the lease, reads the map, follows the broadcast channel; then it takes
 * connections.
 *
 * @throws {FlotillaError} store_unavailable and the like when the store cannot be reached
 */
export async function startShardCore(deps: ShardDeps): Promise<ShardCore> {
  const parts = assemble(deps);
  const core = new RunningShardCore(deps, parts);
  try {
    await core.start();
    await parts.channelViews.ready(parts.channelViews.hold(BROADCAST_CHANNEL));
    core.open();
  } catch (error) {
    core.kill();
    throw error;
  }
  return core;
}
