import type { Fleet } from '@flotilla-im/operator/local';
import type { Store } from '@flotilla-im/store';
import type { ShardHost } from '../fleet/shard-host.ts';

/** Something that was started and can be stopped. */
export interface Stoppable {
  /** In order; hard, when that takes longer than this. */
  stop(patienceMs: number): Promise<void>;
  /** At once. */
  kill(): void;
}

/** The demo, with where it is to be reached. */
export interface DemoSettings {
  readonly port: number;
  /** The launcher's control endpoint. */
  readonly controlUrl: string;
}

/** What a cluster is made of: processes, or objects in this one. */
export interface ClusterParts {
  /** The launcher's own connection to the shared state. */
  readonly store: Store;
  readonly host: ShardHost;
  readonly isOneProcess: boolean;
  /** How operator and fleet talk. */
  readonly publishFleet: (fleet: Fleet) => Promise<void>;
  startOperator(): Promise<Stoppable>;
  startDemo(settings: DemoSettings): Promise<Stoppable>;
}

/** The cluster's name and where its token keys are. */
export interface ClusterIdentity {
  readonly cluster: string;
  readonly tokenKeysFile: string;
}
