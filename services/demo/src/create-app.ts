import type { RequestListener } from 'node:http';
import cookie from '@fastify/cookie';
import type { Flotilla } from '@flotilla-im/sdk';
import Fastify, { type FastifyBaseLogger, type FastifyInstance } from 'fastify';
import { createAnnouncer } from './announcer.ts';
import { addBroadcastRoutes, type BroadcastDeps } from './broadcast/broadcast-routes.ts';
import { addCalls } from './calls/add-calls.ts';
import { addChannelRoutes } from './channels/channel-routes.ts';
import { createChatChannels } from './channels/channels.ts';
import type { DemoConfig } from './config/config.ts';
import { addFiles } from './files/add-files.ts';
import { createFleetControl } from './fleet/fleet-control.ts';
import { addFleetRoutes } from './fleet/fleet-routes.ts';
import { watchFleet } from './fleet/fleet-watch.ts';
import { APP_OPTIONS } from './http/app-options.ts';
import type { EarlyServer } from './http/early-server.ts';
import { addErrorAnswers } from './http/error-answers.ts';
import { addSecurityHeaders } from './http/security-headers.ts';
import { trustedAddresses } from './http/trusted-addresses.ts';
import { addMessageRoutes, type MessageDeps } from './messages/message-routes.ts';
import { createMessages } from './messages/messages.ts';
import { createPast } from './messages/past.ts';
import { createReceipts } from './messages/receipts.ts';
import { buildPage } from './page-files/page-files.ts';
import { addPageRoutes } from './page-files/page-routes.ts';
import { addPeopleRoutes } from './people/people-routes.ts';
import { createPeople } from './people/people.ts';
import { addReadRoutes } from './reads/read-routes.ts';
import { createReads } from './reads/reads.ts';
import { addSessionRoutes } from './session/session-routes.ts';
import { addTypingRoutes } from './typing/typing-routes.ts';

/**
 * Puts the service together, each feature with its routes, and lets the server serve it. Closing the app ends what the
 * features began, neither `flotilla` nor the server.
 */
export async function createApp(
  config: Pick<
    DemoConfig,
    'cookieSecrets' | 'controlUrl' | 'fileBytes' | 'filesDir' | 'filesTotalBytes' | 'iceServers' | 'trustedProxies'
  >,
  flotilla: Flotilla,
  logger: FastifyBaseLogger,
  early: EarlyServer,
): Promise<FastifyInstance> {
  let handle: RequestListener = () => undefined;
  const app = Fastify({
    ...APP_OPTIONS,
    loggerInstance: logger,
    trustProxy: trustedAddresses(config.trustedProxies),
    serverFactory(handler) {
      handle = handler;
      return early.server;
    },
  });
  addSecurityHeaders(app);
  addErrorAnswers(app);
  await app.register(cookie, { secret: [...config.cookieSecrets] });

  const warn = (error: unknown): void => logger.warn({ err: error }, 'event not told');
  const announcer = createAnnouncer(flotilla);
  const channels = createChatChannels(flotilla, announcer);
  const people = createPeople(flotilla, announcer, warn);
  const receipts = createReceipts(flotilla, warn);
  const clocks = { wallMs: () => Date.now(), nowMs: () => performance.now() };
  app.addHook('preClose', () => Promise.all([people.close(), receipts.close()]).then(() => undefined));

  addPageRoutes(app, await buildPage());
  const isLocal = config.controlUrl !== null;
  // On one's own machine anybody, elsewhere nobody: without passwords there is nobody to trust with it.
  const mayBroadcast = (): boolean => isLocal;
  addSessionRoutes(app, { flotilla, announcer, channels, isLocal, mayBroadcast, ...clocks });
  addPeopleRoutes(app, people);
  addChannelRoutes(app, channels);
  addTalk(app, { flotilla, channels, receipts, mayBroadcast, ...clocks });
  await addFiles(app, { config, flotilla, onError: warn, ...clocks });
  addCalls(app, { flotilla, iceServers: config.iceServers, onError: warn, ...clocks });
  const control = config.controlUrl === null ? null : createFleetControl(config.controlUrl);
  const watch = watchFleet(flotilla, { control: control && (() => control.state), onError: warn, ...clocks });
  app.addHook('preClose', () => Promise.all([watch.close(), control?.close()]).then(() => undefined));
  addFleetRoutes(app, { watch, control });
  app.get('/healthz', () => ({ ok: true }));
  // While it starts the server answers, and once it closes the app refuses by itself.
  app.get('/readyz', () => ({ ok: true }));
  await app.ready();
  early.serve(handle);
  return app;
}

type Talk = Omit<MessageDeps, 'messages' | 'past'> & Omit<BroadcastDeps, 'past'> & { readonly flotilla: Flotilla };

/** What people say to each other, and the small signs of it. */
function addTalk(app: FastifyInstance, talk: Talk): void {
  const { flotilla } = talk;
  const past = createPast(flotilla);
  addMessageRoutes(app, { ...talk, past, messages: createMessages(flotilla) });
  addReadRoutes(app, createReads(flotilla), talk.nowMs);
  addTypingRoutes(app, talk);
  addBroadcastRoutes(app, { ...talk, past });
}
