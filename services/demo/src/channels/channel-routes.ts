import type { FastifyInstance } from 'fastify';
import { parseName } from '../session/names.ts';
import { signedInClientId } from '../session/session-cookie.ts';
import type { ChatChannels } from './channels.ts';

// Names never stand in a path: a browser takes `..` there for the folder above.
const CHANNEL_BODY = {
  type: 'object',
  required: ['channel'],
  additionalProperties: false,
  properties: { channel: { type: 'string', maxLength: 400 } },
} as const;

/** The list, joining and leaving. Who joins or leaves is always who asks. */
export function addChannelRoutes(app: FastifyInstance, channels: ChatChannels): void {
  app.get('/api/channels', async (request) => ({ channels: await channels.list(signedInClientId(request)) }));

  app.post<{ Body: { channel: string } }>(
    '/api/channels/join',
    { schema: { body: CHANNEL_BODY } },
    async (request, reply) => {
      await channels.join(parseName(request.body.channel), signedInClientId(request));
      return reply.status(204).send();
    },
  );

  app.post<{ Body: { channel: string } }>(
    '/api/channels/leave',
    { schema: { body: CHANNEL_BODY } },
    async (request, reply) => {
      await channels.leave(parseName(request.body.channel), signedInClientId(request));
      return reply.status(204).send();
    },
  );
}
