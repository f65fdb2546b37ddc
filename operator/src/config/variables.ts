import * as v from 'valibot';

/** Where shards and the map live: files of this machine, or a StatefulSet and a ConfigMap. */
export type OperatorMode = 'local' | 'kubernetes';

/** One environment variable of the operator. */
export interface Variable {
  readonly name: string;
  /** What `--help` says of it. */
  readonly text: string;
  /** The value when it is missing; undefined: it is required, of a variable of one mode only in that mode. */
  readonly default: string | undefined;
  /** The mode it belongs to; left out: both. In the other mode it is not looked at, and empty. */
  readonly mode?: OperatorMode;
  /** Checks its text; a fault's message is the end of a sentence that begins with the name. */
  readonly schema: v.GenericSchema<string, string | number>;
}

const text = (message: string, isRight: RegExp): v.GenericSchema<string, string> =>
  v.pipe(v.string(), v.regex(isRight, message));

function whole(min: number, max: number): v.GenericSchema<string, number> {
  const message = `must be a whole number from ${min} to ${max}`;
  return v.pipe(
    v.string(),
    v.regex(/^\d{1,9}$/u, message),
    v.transform(Number),
    v.minValue(min, message),
    v.maxValue(max, message),
  );
}

const LEVELS = 'silent, fatal, error, warn, info, debug or trace';
const path = text('must be a path', /\S/u);
const name = text(
  'must be a name of lower-case letters, digits, "-" and "."',
  /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/u,
);
const redisUrl = /^rediss?(\+(cluster|sentinel))?:\/\/\S+$/u;
const redisMessage = 'must be an address like redis://host:6379, rediss://, redis+cluster:// or redis+sentinel://';

/** The environment of the operator. `--help`, the reader of the environment and the documentation share it. */
export const VARIABLES = Object.freeze({
  cluster: {
    name: 'FLOTILLA_CLUSTER',
    text: 'Name of the cluster: first part of every key in Redis.',
    default: 'flotilla',
    schema: text('must be 1 to 64 letters, digits, "-", "_" or "."', /^[\w.-]{1,64}$/u),
  },
  redisUrl: {
    name: 'FLOTILLA_REDIS_URL',
    text: 'redis://, rediss://, redis+cluster://host1,host2 or redis+sentinel://host1,host2/<db>?master=<name>.',
    default: 'redis://127.0.0.1:6379',
    schema: text(redisMessage, redisUrl),
  },
  redisPasswordFile: {
    name: 'FLOTILLA_REDIS_PASSWORD_FILE',
    text: 'File with the password of Redis, instead of one in the URL. Empty: none.',
    default: '',
    schema: v.string(),
  },
  mode: {
    name: 'FLOTILLA_MODE',
    text: 'Where shards and the map live. local: files on this machine; kubernetes: a StatefulSet, its pods and a ConfigMap.',
    default: 'local',
    schema: v.picklist(['local', 'kubernetes'], 'must be local or kubernetes'),
  },
  fleetFile: {
    name: 'FLOTILLA_LOCAL_FLEET_FILE',
    text: 'Mode local: file that says which shards are wanted and there.',
    default: undefined,
    mode: 'local',
    schema: path,
  },
  mapFile: {
    name: 'FLOTILLA_LOCAL_MAP_FILE',
    text: 'Mode local: file that the map is minted in.',
    default: undefined,
    mode: 'local',
    schema: path,
  },
  namespace: {
    name: 'FLOTILLA_NAMESPACE',
    text: 'Mode kubernetes: namespace of the StatefulSet and of everything the operator makes.',
    default: undefined,
    mode: 'kubernetes',
    schema: name,
  },
  statefulSet: {
    name: 'FLOTILLA_STATEFULSET',
    text: 'Mode kubernetes: name of the StatefulSet of the shards.',
    default: undefined,
    mode: 'kubernetes',
    schema: name,
  },
  shardMap: {
    name: 'FLOTILLA_SHARD_MAP',
    text: 'Mode kubernetes: name of the ConfigMap that the map is minted in.',
    default: undefined,
    mode: 'kubernetes',
    schema: name,
  },
  lease: {
    name: 'FLOTILLA_LEASE',
    text: 'Mode kubernetes: name of the Lease by which one of several operators leads.',
    default: undefined,
    mode: 'kubernetes',
    schema: name,
  },
  identity: {
    name: 'FLOTILLA_IDENTITY',
    text: 'Mode kubernetes: name of this operator among several: that of its pod.',
    default: undefined,
    mode: 'kubernetes',
    schema: text('must not be blank', /\S/u),
  },
  exposureFile: {
    name: 'FLOTILLA_EXPOSURE_FILE',
    text: 'Mode kubernetes: file that says how shards are reached: Services, routes, public URL. Read again when it changes.',
    default: undefined,
    mode: 'kubernetes',
    schema: path,
  },
  leaseDurationMs: {
    name: 'FLOTILLA_LEASE_DURATION_MS',
    text: 'Mode kubernetes: a leader that says nothing for this long is replaced. It renews 7 times in that time, and gives up after two thirds.',
    default: '15000',
    schema: whole(3_000, 600_000),
  },
  host: {
    name: 'FLOTILLA_HOST',
    text: 'Address to serve probes and metrics on.',
    default: '0.0.0.0',
    schema: text('must be an address or a host name', /^[\w.:%-]+$/u),
  },
  port: {
    name: 'FLOTILLA_PORT',
    text: 'Port to serve probes and metrics on; 0 takes a free one.',
    default: '8081',
    schema: whole(0, 65_535),
  },
  failoverAfterMs: {
    name: 'FLOTILLA_FAILOVER_AFTER_MS',
    text: 'No heartbeat for this long, and the slots of a shard are lent.',
    default: '2000',
    schema: whole(1_000, 600_000),
  },
  intervalMs: {
    name: 'FLOTILLA_INTERVAL_MS',
    text: 'Between two looks at everything.',
    default: '250',
    schema: whole(50, 60_000),
  },
  logLevel: {
    name: 'FLOTILLA_LOG_LEVEL',
    text: `${LEVELS}.`,
    default: 'info',
    schema: text(`must be ${LEVELS}`, /^(silent|fatal|error|warn|info|debug|trace)$/u),
  },
} satisfies Record<string, Variable>);
