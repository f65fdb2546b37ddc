import { LIMITS as WIRE } from '@flotilla-im/protocol';

/** What a number of the limits table counts. */
export type LimitUnit = 'per second' | 'connections' | 'bytes' | 'milliseconds' | 'messages' | 'receivers' | 'channels';

/** One row of the limits table. */
export interface LimitRow {
  readonly unit: LimitUnit;
  readonly default: number;
  readonly min: number;
  readonly max: number;
  /** One sentence for `--help` and the operator's guide. */
  readonly text: string;
}

const DAY_MS = 86_400_000;
const MIB = 1_048_576;

/**
 * Every limit of a pod with its default. Configuration, `--help` and the documentation read this one table; a row is set
 * by the variable that {@link limitVariable} names.
 */
export const LIMITS = {
  handshakesPerSecond: {
    unit: 'per second',
    default: WIRE.handshakesPerSecond,
    min: 1,
    max: 1_000_000,
    text: 'Arrivals a pod serves; the excess is told when to come again.',
  },
  handshakesPerAddress: {
    unit: 'per second',
    default: 1_000_000,
    min: 1,
    max: 1_000_000,
    text: 'Arrivals from one network address; by default no bound. Lower it where clients have addresses of their own here.',
  },
  connectionsPerClient: {
    unit: 'connections',
    default: WIRE.connectionsPerClient,
    min: 1,
    max: 10_000,
    text: 'Connections of one client, on all pods together.',
  },
  channelsPerClient: {
    unit: 'channels',
    default: WIRE.channelsPerClient,
    min: 0,
    max: 1_000_000,
    text: 'Channels that a client may be in when it joins one by itself; services may put it into more.',
  },
  connectionsPerAddress: {
    unit: 'connections',
    default: WIRE.connectionsPerAddress,
    min: 1,
    max: 10_000_000,
    text: 'Connections from one network address (IPv6: one /64) to a pod. Behind a proxy, set FLOTILLA_TRUSTED_PROXIES.',
  },
  connectionsPerPod: {
    unit: 'connections',
    default: WIRE.connectionsPerShard,
    min: 1,
    max: 10_000_000,
    text: 'Connections to a pod.',
  },
  framesPerSecond: {
    unit: 'per second',
    default: WIRE.framesPerSecond,
    min: 1,
    max: 1_000_000,
    text: 'Frames a connection may send in the long run; beyond it the connection is closed (4409).',
  },
  frameBurst: {
    unit: 'messages',
    default: WIRE.frameBurst,
    min: 1,
    max: 1_000_000,
    text: 'Frames a connection may send at once.',
  },
  frameBytes: {
    unit: 'bytes',
    default: WIRE.frameBytes,
    min: 1_024,
    max: 16 * MIB,
    text: 'Longest frame a connection may send; a longer one closes it (1009).',
  },
  dataBytes: {
    unit: 'bytes',
    default: WIRE.dataBytes,
    min: 1_024,
    max: 16 * MIB,
    text: 'Longest message a client may send, as JSON.',
  },
  receivers: {
    unit: 'receivers',
    default: WIRE.receivers,
    min: 1,
    max: WIRE.receivers,
    text: 'Receivers of one message that a client sends.',
  },
  queueBytes: {
    unit: 'bytes',
    default: WIRE.queueBytes,
    min: 131_072,
    max: 1_024 * MIB,
    text: 'Bytes that wait in memory for one slow reader; what is beyond waits in its log.',
  },
  slowReaderMs: {
    unit: 'milliseconds',
    default: 30_000,
    min: 1_000,
    max: DAY_MS,
    text: 'Time a reader may take nothing at all while bytes wait for it; then it is closed (4406).',
  },
  helloTimeoutMs: {
    unit: 'milliseconds',
    default: WIRE.helloTimeoutMs,
    min: 100,
    max: 600_000,
    text: 'Time until a connection must have said its first frame (flotilla.v1: resume, Socket.IO: CONNECT).',
  },
  heartbeatMs: {
    unit: 'milliseconds',
    default: WIRE.heartbeatMs,
    min: 100,
    max: 600_000,
    text: 'How often an idle connection is checked.',
  },
  heartbeatTimeoutMs: {
    unit: 'milliseconds',
    default: WIRE.heartbeatTimeoutMs,
    min: 200,
    max: 1_200_000,
    text: 'Silence after which a connection is given up; longer than the heartbeat.',
  },
  reconnectGraceMs: {
    unit: 'milliseconds',
    default: 10_000,
    min: 0,
    max: 3_600_000,
    text: 'Time a client may be without a connection before it counts as offline.',
  },
  leaseMs: {
    unit: 'milliseconds',
    default: 2_000,
    min: 200,
    max: 600_000,
    text: 'Silence after which a pod is taken for dead.',
  },
  leaseHeartbeatMs: {
    unit: 'milliseconds',
    default: 500,
    min: 50,
    max: 60_000,
    text: 'How often a pod renews its lease; at most half of the lease.',
  },
  drainMs: {
    unit: 'milliseconds',
    default: 25_000,
    min: 0,
    max: 3_600_000,
    text: 'Longest drain after SIGTERM; keep it below the grace period of whatever stops the pod.',
  },
  logAgeMs: {
    unit: 'milliseconds',
    default: 2 * DAY_MS,
    min: 1_000,
    max: 365 * DAY_MS,
    text: 'Age at which a message leaves its log. Use the same value in every service that sends.',
  },
  logMessages: {
    unit: 'messages',
    default: 10_000,
    min: 1,
    max: 10_000_000,
    text: 'Messages a log keeps. Use the same value in every service that sends.',
  },
  logBytes: {
    unit: 'bytes',
    default: 8 * MIB,
    min: 65_536,
    max: 1_024 * MIB,
    text: 'Bytes a log keeps. Use the same value in every service that sends.',
  },
} as const satisfies Record<string, LimitRow>;

/** Name of a row of {@link LIMITS}. */
export type LimitName = keyof typeof LIMITS;

/** A value for every limit. */
export type Limits = Readonly<Record<LimitName, number>>;

/** Some limits, as they are given. */
export type GivenLimits = { readonly [Name in LimitName]?: number | undefined };

/** All names, in the table's order. */
export const LIMIT_NAMES = Object.freeze(Object.keys(LIMITS) as LimitName[]);

/** The environment variable of a limit: `frameBytes` → `FLOTILLA_LIMIT_FRAME_BYTES`. */
export function limitVariable(name: LimitName): string {
  return `FLOTILLA_LIMIT_${name.replace(/[A-Z]/g, '_$&').toUpperCase()}`;
}

/** Every default, and what is given instead of it. */
export function withDefaultLimits(given: GivenLimits = {}): Limits {
  const values = LIMIT_NAMES.map((name) => [name, given[name] ?? LIMITS[name].default]);
  return Object.freeze(Object.fromEntries(values) as Limits);
}
