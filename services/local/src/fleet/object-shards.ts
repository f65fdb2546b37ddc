import { sentenceOf } from '../problem.ts';
import { type RunningShard, type ShardHost, shardUrl } from './shard-host.ts';

/** A shard as an object: what `startShard` of the IM gives. */
export interface ShardObject {
  drain(): Promise<void>;
  kill(): void | Promise<void>;
}

/**
 * Shards as objects in this process, with sockets and ports of their own. Draining is what it is elsewhere; killed means
 * that the object drops its sockets and writes nothing any more.
 *
 * @param start - starts one; rejects when it cannot
 */
export function createObjectShards(start: (id: number, port: number) => Promise<ShardObject>): ShardHost {
  return {
    start(id, port): RunningShard {
      const { promise: ended, resolve: end } = Promise.withResolvers<string>();
      const { promise: ready, resolve: serve } = Promise.withResolvers<undefined>();
      const starting = start(id, port);
      starting.then(
        () => serve(undefined),
        (error: unknown) => end(`could not be started (${sentenceOf(error)})`),
      );
      const finish = (how: string, act: (shard: ShardObject) => void | Promise<void>): void => {
        starting.then(act).then(
          () => end(how),
          (error: unknown) => end(`${how}, with a fault (${sentenceOf(error)})`),
        );
      };
      return {
        url: shardUrl(id, port),
        ready,
        ended,
        drain: () => finish('ended', (shard) => shard.drain()),
        kill: () => finish('was killed', (shard) => shard.kill()),
      };
    },
  };
}
