import { randomUUID } from 'node:crypto';
import type { ShardReport, Store } from '@flotilla-im/store';
import { type ShardHost, shardUrl } from '../fleet/shard-host.ts';

/** Shards that do nothing but live: they keep their lease, drain when asked, and vanish when killed. */
export interface FakeShards extends ShardHost {
  /** How often each shard was started. */
  readonly starts: Map<number, number>;
  /** Ids that end at once when they are started. */
  readonly broken: Set<number>;
}

const BEAT_MS = 20;

/** Over a store; each takes a moment to be ready. */
export function createFakeShards(store: Store): FakeShards {
  const starts = new Map<number, number>();
  const broken = new Set<number>();
  return {
    starts,
    broken,
    start(id, port) {
      starts.set(id, (starts.get(id) ?? 0) + 1);
      const { promise: ready, resolve: serve } = Promise.withResolvers<undefined>();
      const { promise: ended, resolve: end } = Promise.withResolvers<string>();
      const incarnation = randomUUID();
      const beat = (state: ShardReport['state']): void => void store.leases.heartbeat(id, incarnation, report(state));
      let timer: NodeJS.Timeout | undefined;
      const vanish = (how: string): void => {
        clearInterval(timer);
        end(how);
      };
      if (broken.has(id)) vanish('ended with code 2');
      else {
        void store.leases.register(id, incarnation, report('up')).then(() => serve(undefined));
        timer = setInterval(() => beat('up'), BEAT_MS);
      }
      return {
        url: shardUrl(id, port),
        ready,
        ended,
        drain() {
          beat('draining');
          void store.leases.release(incarnation).then(() => vanish('ended with code 0'));
        },
        kill: () => vanish('was killed (SIGKILL)'),
      };
    },
  };
}

function report(state: ShardReport['state']): ShardReport {
  return { state, connections: 0, guests: 0, delivered: 0, epoch: 0, pace: 2_000, version: '0', schema: 1 };
}
