import { writeFleetFile } from '@flotilla-im/operator/local';
import type { Store } from '@flotilla-im/store';
import { createProcessShards } from '../fleet/process-shards.ts';
import { LOOPBACK } from '../ports.ts';
import type { Supervised } from '../processes/supervise.ts';
import type { StateFolder } from '../state/state-folder.ts';
import type { ChildServices } from './child-services.ts';
import type { ClusterIdentity, ClusterParts } from './cluster-parts.ts';

/** What a cluster of processes needs. */
export interface ProcessClusterDeps {
  readonly identity: ClusterIdentity;
  readonly redisUrl: string;
  readonly store: Store;
  readonly state: StateFolder;
  readonly services: ChildServices;
}

/** A cluster as it is in Kubernetes: every shard, the operator and the demo in a process of its own. */
export function createProcessCluster(deps: ProcessClusterDeps): ClusterParts {
  const { identity, redisUrl, store, state, services } = deps;
  const env = {
    FLOTILLA_CLUSTER: identity.cluster,
    FLOTILLA_REDIS_URL: redisUrl,
    FLOTILLA_TOKEN_KEYS_FILE: identity.tokenKeysFile,
  };
  const local = {
    FLOTILLA_MODE: 'local',
    FLOTILLA_LOCAL_FLEET_FILE: state.fleet,
    FLOTILLA_LOCAL_MAP_FILE: state.map,
    FLOTILLA_HOST: LOOPBACK,
    FLOTILLA_PORT: '0',
  };
  const run = (name: string, entry: string, own: Readonly<Record<string, string>>): Promise<Supervised> =>
    Promise.resolve(services.supervise({ name, entry, env: { ...env, ...own } }));
  return {
    store,
    isOneProcess: false,
    host: createProcessShards({ env, service: services.spec, start: services.start }),
    publishFleet: (fleet) => writeFleetFile(state.fleet, fleet),
    startOperator: () => run('operator', 'operator/src/main.ts', local),
    startDemo: ({ port, controlUrl }) =>
      run('demo', 'services/demo/src/main.ts', {
        FLOTILLA_DEMO_HOST: LOOPBACK,
        FLOTILLA_DEMO_PORT: String(port),
        FLOTILLA_CONTROL_URL: controlUrl,
        FLOTILLA_FILES_DIR: state.demoFiles,
      }),
  };
}
