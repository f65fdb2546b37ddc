import { readFileSync } from 'node:fs';

/** What the demo is started with. */
export interface DemoOptions {
  /** Default `flotilla`. */
  readonly cluster?: string;
  /** Not needed where a store is handed over. Default `redis://127.0.0.1:6379`. */
  readonly redisUrl?: string;
  /** The JWKS file whose first key signs tokens. */
  readonly tokenKeysFile: string;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** 0 takes a free one. Default 8080. */
  readonly port?: number;
  /** The launcher's control endpoint; only on one machine. */
  readonly controlUrl?: string;
}

/** The options with nothing left open. */
export interface DemoConfig extends Required<Omit<DemoOptions, 'controlUrl'>> {
  readonly controlUrl: string | null;
}

/** A configuration that cannot be used; each fault is a sentence. */
export class DemoConfigError extends Error {
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'DemoConfigError';
    this.faults = faults;
  }
}

/**
 * Fills in the defaults.
 *
 * @throws {DemoConfigError} with every fault at once
 */
export function compileConfig(options: DemoOptions): DemoConfig {
  const port = options.port ?? 8080;
  const faults: string[] = [];
  if (!Number.isInteger(port) || port < 0 || port > 65_535) faults.push('The port must be a whole number up to 65535.');
  if (options.tokenKeysFile === '') faults.push('The token key file is missing.');
  else if (!isReadable(options.tokenKeysFile))
    faults.push(`The token key file ${options.tokenKeysFile} cannot be read.`);
  if (faults.length > 0) throw new DemoConfigError(faults);
  return {
    cluster: options.cluster ?? 'flotilla',
    redisUrl: options.redisUrl ?? 'redis://127.0.0.1:6379',
    tokenKeysFile: options.tokenKeysFile,
    host: options.host ?? '127.0.0.1',
    port,
    controlUrl: options.controlUrl ?? null,
  };
}

/** Every variable with what it is for; `--help` prints them. */
export const VARIABLES: Readonly<Record<string, string>> = Object.freeze({
  FLOTILLA_CLUSTER: 'name of the cluster; default flotilla',
  FLOTILLA_REDIS_URL: 'address of Redis; default redis://127.0.0.1:6379',
  FLOTILLA_TOKEN_KEYS_FILE: 'JWKS file whose first key signs connection tokens; needed',
  FLOTILLA_DEMO_HOST: 'address to listen on; default 127.0.0.1',
  FLOTILLA_DEMO_PORT: 'port to listen on; default 8080, 0 takes a free one',
  FLOTILLA_CONTROL_URL: 'set by the launcher of one machine',
});

/**
 * Reads the environment; an empty variable counts as missing.
 *
 * @throws {DemoConfigError} with every fault at once
 */
export function readEnvironment(environment: NodeJS.ProcessEnv): DemoConfig {
  const given = (name: string): string | undefined => environment[name]?.trim() || undefined;
  const port = given('FLOTILLA_DEMO_PORT');
  const entries = {
    cluster: given('FLOTILLA_CLUSTER'),
    redisUrl: given('FLOTILLA_REDIS_URL'),
    host: given('FLOTILLA_DEMO_HOST'),
    port: port === undefined ? undefined : Number(port),
    controlUrl: given('FLOTILLA_CONTROL_URL'),
  };
  const present = Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));
  return compileConfig({ tokenKeysFile: given('FLOTILLA_TOKEN_KEYS_FILE') ?? '', ...present });
}

function isReadable(path: string): boolean {
  try {
    readFileSync(path);
    return true;
  } catch {
    return false;
  }
}
