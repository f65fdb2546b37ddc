import { DEFAULTS, MOST_SHARDS } from './options.ts';

/** What `npm start -- --help` prints. */
export function helpText(): string {
  return `Starts a whole cluster on this machine: Redis, shards, operator and demo. Ctrl-C stops what it started.

  npm start -- [options]

  --shards N       how many shards, 1 to ${MOST_SHARDS}; default ${DEFAULTS.shards}
  --port P         port of the demo; default ${DEFAULTS.port}, or the next free one
  --shard-port P   port of shard 0, shard n has P + n; default ${DEFAULTS.shardPort}, or the next free ones
  --redis URL      a Redis (7 or newer) or Valkey that is there already; REDIS_URL is never looked at
  --cluster NAME   name of the cluster, part of every key; default ${DEFAULTS.cluster}
                   (with --redis: one of this folder's own, so that nobody else's keys are touched)
  --memory         everything in one process, without Redis
  --json           one line of JSON on stdout when everything is ready, everything else on stderr
  --help           this

Without --redis, in this order: redis-server or valkey-server on the PATH; a container, where a Docker engine answers;
Debian's package, unpacked into a cache folder; else everything in one process on the in-memory store.
Such a Redis listens on 127.0.0.1 only, at ${DEFAULTS.redisPort} or the next free port, and keeps its data in .flotilla/
(or where FLOTILLA_LOCAL_STATE says, here and for scale, restart and kill).

While it runs, in another terminal:

  npm run scale -- 5      to 5 shards, up or down
  npm run restart -- 1    restarts shard 1: its slots are lent, then home again
  npm run kill -- 1       kills shard 1 without any goodbye
`;
}
