import { LOOPBACK } from '../ports.ts';
import type { Child, ChildSpec } from '../processes/child.ts';
import type { LogLine } from '../processes/log-line.ts';
import type { NodeService } from '../processes/node-service.ts';
import { type RunningShard, type ShardHost, shardUrl } from './shard-host.ts';

/** What starting shards as processes needs. */
export interface ProcessShardsDeps {
  /** What all shards are told: cluster, Redis, keys. */
  readonly env: Readonly<Record<string, string>>;
  readonly service: (service: NodeService) => ChildSpec;
  readonly start: (spec: ChildSpec, onLine: (line: LogLine) => void) => Child;
}

/** Shards as processes of their own: `services/im`, one each, as in Kubernetes. */
export function createProcessShards({ env, service, start }: ProcessShardsDeps): ShardHost {
  return {
    start(id, port): RunningShard {
      const shard = { FLOTILLA_SHARD: String(id), FLOTILLA_HOST: LOOPBACK, FLOTILLA_PORT: String(port) };
      const spec = service({ name: `shard-${id}`, entry: 'services/im/src/main.ts', env: { ...env, ...shard } });
      const { promise: ready, resolve } = Promise.withResolvers<undefined>();
      const child = start(spec, ({ fields }) => {
        if (fields['ready'] === true) resolve(undefined);
      });
      return {
        url: shardUrl(id, port),
        ready,
        ended: child.ended.then(({ how }) => how),
        drain: () => child.stop(),
        kill: () => child.kill(),
      };
    },
  };
}
