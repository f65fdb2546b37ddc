import { parseArgs } from 'node:util';
import { Problem } from './problem.ts';

/** The most shards that one machine is asked to carry. */
export const MOST_SHARDS = 32;

/** What `npm start` was asked for. */
export interface LocalOptions {
  readonly shards: number;
  /** The demo's port, and whether it was asked for: then another one will not do. */
  readonly port: number;
  readonly isPortFixed: boolean;
  /** The port of shard 0; shard n has this plus n. */
  readonly shardPort: number;
  readonly isShardPortFixed: boolean;
  /** Address of a Redis that is there already; null: one is obtained. */
  readonly redisUrl: string | null;
  /** Null: `local`, or one of this folder's own on a Redis that was given. */
  readonly cluster: string | null;
  /** Everything in one process, without Redis. */
  readonly isMemory: boolean;
  readonly isJson: boolean;
  readonly isHelp: boolean;
}

/** What holds where nothing is said. */
export const DEFAULTS = Object.freeze({ shards: 3, port: 8080, shardPort: 9100, redisPort: 6380, cluster: 'local' });

const settings = {
  shards: { type: 'string' },
  port: { type: 'string' },
  'shard-port': { type: 'string' },
  redis: { type: 'string' },
  cluster: { type: 'string' },
  memory: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

/**
 * Reads the arguments of `npm start`.
 *
 * @throws {Problem} with every fault, a line each
 */
export function parseOptions(args: readonly string[]): LocalOptions {
  const given = parse(args);
  const faults: string[] = [];
  const number = (name: 'shards' | 'port' | 'shard-port', least: number, most: number, value: number): number => {
    const text = given[name];
    if (text === undefined) return value;
    if (/^\d{1,6}$/u.test(text) && Number(text) >= least && Number(text) <= most) return Number(text);
    faults.push(`--${name} takes a whole number from ${least} to ${most}; it was given ${JSON.stringify(text)}.`);
    return value;
  };
  const options: LocalOptions = {
    shards: number('shards', 1, MOST_SHARDS, DEFAULTS.shards),
    port: number('port', 1, 65_535, DEFAULTS.port),
    isPortFixed: given.port !== undefined,
    shardPort: number('shard-port', 1, 65_535 - MOST_SHARDS, DEFAULTS.shardPort),
    isShardPortFixed: given['shard-port'] !== undefined,
    redisUrl: given.redis ?? null,
    cluster: given.cluster ?? null,
    isMemory: given.memory ?? false,
    isJson: given.json ?? false,
    isHelp: given.help ?? false,
  };
  faults.push(...faultsIn(options));
  if (faults.length > 0) throw new Problem(`${faults.join('\n')}\nnpm start -- --help lists the options.`);
  return options;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: settings, allowPositionals: false }).values;
  } catch (error) {
    const text = error instanceof Error ? error.message.split('. ')[0] : String(error);
    throw new Problem(`${text}.\nnpm start -- --help lists the options.`);
  }
}

const redisUrl = /^(rediss?|redis\+(cluster|sentinel)):\/\/\S+$/u;

function faultsIn({ redisUrl: url, cluster, isMemory }: LocalOptions): string[] {
  const faults: string[] = [];
  if (url !== null && !redisUrl.test(url)) {
    faults.push(
      '--redis takes an address like redis://127.0.0.1:6379 (or rediss://, redis+cluster://, redis+sentinel://).',
    );
  }
  if (cluster !== null && !/^[\w.-]{1,64}$/u.test(cluster)) {
    faults.push('--cluster takes a name of 1 to 64 letters, digits, "-", "_" and ".".');
  }
  if (isMemory && url !== null) faults.push('--memory is without Redis, and --redis is with one: give one of them.');
  return faults;
}
