import { createMemoryStore, createLeaseObserver } from '@flotilla-im/store';
import { createObjectShards } from '../fleet/object-shards.ts';
import { LOOPBACK } from '../ports.ts';
import type { LogFiles } from '../processes/log-files.ts';
import type { StateFolder } from '../state/state-folder.ts';
import type { ClusterIdentity, ClusterParts, Stoppable } from './cluster-parts.ts';
import { createOwnLogger } from './own-logger.ts';

/** What a cluster in this process needs. */
export interface OneProcessDeps {
  readonly identity: ClusterIdentity;
  readonly state: Pick<StateFolder, 'demoFiles'>;
  readonly logs: LogFiles;
  readonly say: (line: string) => void;
}

/**
 * The whole cluster in this process, on one store in memory: the same shards, operator and demo, each with its own port
 * where it has one. Everything is lost with the process. The parts are loaded only here: a launcher of processes does
 * not need them.
 */
export async function createOneProcessCluster({ identity, state, logs, say }: OneProcessDeps): Promise<ClusterParts> {
  const { startShard } = await import('@flotilla-im/im');
  const { createMemoryAuthority, createMemoryFleet, startOperator } = await import('@flotilla-im/operator');
  const { cluster, tokenKeysFile } = identity;
  // That everything is in memory is said on the screen, once and not by each part.
  const store = { ...createMemoryStore({ cluster }), warnings: [] };
  const fleet = createMemoryFleet();
  const loggerOf = (name: string) => createOwnLogger(name, logs, say);
  return {
    store,
    isOneProcess: true,
    host: createObjectShards((id, port) =>
      startShard(
        { shard: id, cluster, tokenKeysFile, host: LOOPBACK, port },
        { store, logger: loggerOf(`shard-${id}`) },
      ),
    ),
    publishFleet(next) {
      fleet.set(next);
      return Promise.resolve();
    },
    async startOperator() {
      const parts = { fleet, authority: createMemoryAuthority(), store, leaseObserver: createLeaseObserver() };
      const operator = await startOperator({}, { ...parts, logger: loggerOf('operator') });
      return stoppable(() => operator.close());
    },
    async startDemo({ port, controlUrl }) {
      const { startDemo } = await import('@flotilla-im/demo');
      const options = { cluster, tokenKeysFile, host: LOOPBACK, port, controlUrl, filesDir: state.demoFiles };
      const demo = await startDemo(options, { store, logger: loggerOf('demo') });
      return stoppable(() => demo.close());
    },
  };
}

/** What lives in this process cannot be killed apart from it. */
function stoppable(close: () => Promise<void>): Stoppable {
  return { stop: () => close(), kill: () => {} };
}
