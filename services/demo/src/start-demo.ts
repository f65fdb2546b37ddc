import { createFlotilla, type Flotilla, type FlotillaOptions } from '@flotilla-im/sdk';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { compileConfig, type DemoConfig, type DemoOptions } from './config/config.ts';
import { createApp } from './create-app.ts';
import { type EarlyServer, listenEarly } from './http/early-server.ts';

const CLOSE_MS = 5_000;

/** What is handed over instead of made. */
export interface DemoDeps {
  readonly logger: FastifyBaseLogger;
  /** Instead of Redis; stays open. */
  readonly store?: FlotillaOptions['store'];
  /** Instead of one of its own; stays open. */
  readonly flotilla?: Flotilla;
  /** Ends the waiting for a store that is away. */
  readonly signal?: AbortSignal;
}

/** A demo that serves. */
export interface Demo {
  readonly url: string;
  /** Lets requests end, at most 5 s, then closes what it opened. */
  close(): Promise<void>;
}

/**
 * Starts the business service and its page. Listens at once, and resolves when it serves: waits for a Redis that is away.
 *
 * @throws {ConfigError} for options that cannot be used
 * @throws FlotillaError `store_unsupported` and others of `createFlotilla`
 */
export async function startDemo(options: DemoOptions, deps: DemoDeps): Promise<Demo> {
  const config = compileConfig(options);
  deps.logger.info({ cluster: config.cluster }, 'demo starting');
  const early = await listenEarly(config.host, config.port, CLOSE_MS);
  let own: Flotilla | null = null;
  try {
    const flotilla = deps.flotilla ?? (own = await createFlotilla(flotillaOptions(config, deps)));
    const app = await createApp(config, flotilla, deps.logger, early);
    return { url: urlOf(config.host, early.port), close: () => close(app, early, own) };
  } catch (error) {
    await close(null, early, own);
    throw error;
  }
}

/** Requests under way need the features, and those the SDK. */
async function close(app: FastifyInstance | null, early: EarlyServer, own: Flotilla | null): Promise<void> {
  await Promise.all([early.close(), app?.close()]);
  await own?.close();
}

function flotillaOptions(config: DemoConfig, { store, signal }: DemoDeps): FlotillaOptions {
  const { cluster, tokenKeysFile: tokenKeys, redisUrl: redis, redisPassword } = config;
  const where = store ? { store } : { redis, redisPassword: redisPassword ?? undefined, waitForStore: true };
  return { ...where, cluster, tokenKeys, signal };
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
