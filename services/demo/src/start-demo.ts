import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import cookie from '@fastify/cookie';
import { createFlotilla, type FlotillaOptions } from '@flotilla-im/sdk';
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { type Chat, createChat } from './chat/chat.ts';
import { compileConfig, type DemoConfig, type DemoOptions } from './config.ts';
import { addChannelRoutes, addPeopleRoutes, addPrivateRoutes } from './http/chat-routes.ts';
import { addErrorAnswers } from './http/errors.ts';
import { addPageRoutes } from './http/page-routes.ts';
import { addSessionRoutes, cookieSecret } from './http/session.ts';
import { buildPage } from './page-files/page-files.ts';

/** What is handed over where everything runs in one process. */
export interface DemoDeps {
  /** Instead of Redis; stays open. */
  readonly store?: FlotillaOptions['store'];
  readonly logger: FastifyBaseLogger;
}

/** A demo that serves. */
export interface Demo {
  readonly url: string;
  /** Ends requests, then what it opened. */
  close(): Promise<void>;
}

/**
 * Starts the business service and its page.
 *
 * @throws {DemoConfigError} for options that cannot be used
 * @throws FlotillaError `store_unavailable` and others of `createFlotilla`
 */
export async function startDemo(options: DemoOptions, deps: DemoDeps): Promise<Demo> {
  const config = compileConfig(options);
  const { cluster, tokenKeysFile: tokenKeys, redisUrl } = config;
  const shared = deps.store ? { store: deps.store } : { redis: redisUrl, waitForStore: true };
  const flotilla = await createFlotilla({ ...shared, cluster, tokenKeys });
  const chat = createChat(flotilla, (error) => deps.logger.warn({ err: error }, 'receipt lost'));
  const app = await createApp(config, chat, deps.logger);
  await app.listen({ host: config.host, port: config.port });
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://${config.host}:${String(port)}`,
    async close() {
      await app.close();
      await chat.close();
      await flotilla.close();
    },
  };
}

async function createApp(
  { tokenKeysFile }: DemoConfig,
  chat: Chat,
  logger: FastifyBaseLogger,
): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: logger,
    disableRequestLogging: true,
    bodyLimit: 65_536,
    forceCloseConnections: true,
  });
  await app.register(cookie, { secret: cookieSecret(await readFile(tokenKeysFile, 'utf8')) });
  addErrorAnswers(app);
  addPageRoutes(app, await buildPage());
  addSessionRoutes(app);
  addPeopleRoutes(app, chat);
  addChannelRoutes(app, chat);
  addPrivateRoutes(app, chat);
  return app;
}
