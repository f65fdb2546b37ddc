import type { AddressInfo } from 'node:net';
import { createFlotilla, type Flotilla, type FlotillaOptions } from '@flotilla-im/sdk';
import type { FastifyBaseLogger } from 'fastify';
import { compileConfig, type DemoConfig, type DemoOptions } from './config/config.ts';
import { createApp } from './create-app.ts';

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
  /** Lets requests end, then closes what it opened. */
  close(): Promise<void>;
}

/**
 * Starts the business service and its page. Waits for a Redis that is away.
 *
 * @throws {DemoConfigError} for options that cannot be used
 * @throws FlotillaError `store_unsupported` and others of `createFlotilla`
 */
export async function startDemo(options: DemoOptions, deps: DemoDeps): Promise<Demo> {
  const config = compileConfig(options);
  deps.logger.info({ cluster: config.cluster }, 'demo starting');
  const flotilla = deps.flotilla ?? (await createFlotilla(flotillaOptions(config, deps)));
  const closeOwn = (): Promise<void> => (deps.flotilla ? Promise.resolve() : flotilla.close());
  try {
    const app = await createApp(config, flotilla, deps.logger);
    await app.listen({ host: config.host, port: config.port });
    const { port } = app.server.address() as AddressInfo;
    return { url: urlOf(config.host, port), close: () => app.close().finally(closeOwn) };
  } catch (error) {
    await closeOwn();
    throw error;
  }
}

function flotillaOptions(config: DemoConfig, { store, signal }: DemoDeps): FlotillaOptions {
  const { cluster, tokenKeysFile: tokenKeys, redisUrl: redis, redisPassword } = config;
  const where = store ? { store } : { redis, redisPassword: redisPassword ?? undefined, waitForStore: true };
  return { ...where, cluster, tokenKeys, signal };
}

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
