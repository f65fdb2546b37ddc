import type { Flotilla } from '@flotilla-im/sdk';
import type { FastifyInstance } from 'fastify';
import type { Announcer } from '../announcer.ts';
import { type ChatChannels, LOBBY } from '../channels/channels.ts';
import { Pace } from '../http/pace.ts';
import type { SessionAnswer } from '../words.ts';
import { parseName } from './names.ts';
import { clearSession, clientIdOf, signedInClientId, writeSession } from './session-cookie.ts';

/** What these routes need. */
export interface SessionDeps {
  readonly flotilla: Flotilla;
  readonly announcer: Announcer;
  readonly channels: ChatChannels;
  readonly isLocal: boolean;
  readonly mayBroadcast: (clientId: string) => boolean;
  /** By the wall clock, in milliseconds since 1970. */
  readonly wallMs: () => number;
  /** Monotonic. */
  readonly nowMs: () => number;
}

const NAME_BODY = {
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: { name: { type: 'string', maxLength: 400 } },
} as const;

/**
 * Signing in by a name alone: whoever gives a name is that person, on as many devices and pages as they like. A product
 * asks for more here; nothing else would change.
 */
export function addSessionRoutes(
  app: FastifyInstance,
  { flotilla, announcer, channels, isLocal, mayBroadcast, wallMs, nowMs }: SessionDeps,
): void {
  const pace = new Pace({ perSecond: 10, burst: 50, nowMs });
  const answer = (clientId: string | null): SessionAnswer => ({
    clientId,
    isLocal,
    mayBroadcast: clientId !== null && mayBroadcast(clientId),
  });

  app.get('/api/session', (request) => answer(clientIdOf(request)));

  app.post<{ Body: { name: string } }>('/api/session', { schema: { body: NAME_BODY } }, async (request, reply) => {
    pace.take(request.ip);
    const clientId = parseName(request.body.name);
    await channels.join(LOBBY, clientId);
    writeSession(reply, clientId);
    return answer(clientId);
  });

  app.delete('/api/session', (_request, reply) => {
    clearSession(reply);
    return reply.status(204).send();
  });

  // Asked for by the page's client, for each connection anew. No grants: pages talk to this service, never to a shard.
  app.get('/address', async (request, reply) => {
    const clientId = signedInClientId(request);
    await announcer.admit(clientId);
    const address = await flotilla.connectInfo(clientId);
    void reply.header('cache-control', 'no-store');
    return { ...address, now: wallMs() };
  });
}
