import type { FastifyInstance } from 'fastify';
import { parseName } from '../session/names.ts';
import { signedInClientId } from '../session/session-cookie.ts';
import type { ChatChannels } from './channels.ts';

const NAME = { type: 'string', maxLength: 400 } as const;
// Names never stand in a path: a browser takes `..` there for the folder above.
const CHANNEL = { type: 'object', required: ['channel'], additionalProperties: false, properties: { channel: NAME } };
const PUT_OUT_BODY = {
  type: 'object',
  required: ['channel', 'clientId'],
  additionalProperties: false,
  properties: { channel: NAME, clientId: NAME },
} as const;

/** The list, creating, joining and leaving, members, putting out. Who does it is always who asks. */
export function addChannelRoutes(app: FastifyInstance, channels: ChatChannels): void {
  app.get('/api/channels', async (request) => ({ channels: await channels.list(signedInClientId(request)) }));

  for (const act of ['create', 'join', 'leave'] as const) {
    app.post<{ Body: { channel: string } }>(
      `/api/channels/${act}`,
      { schema: { body: CHANNEL } },
      async (request, reply) => {
        await channels[act](parseName(request.body.channel), signedInClientId(request));
        return reply.status(204).send();
      },
    );
  }

  app.get<{ Querystring: { channel: string } }>(
    '/api/channels/members',
    { schema: { querystring: CHANNEL } },
    async (request) => {
      const channel = parseName(request.query.channel);
      await channels.checkMember(channel, signedInClientId(request));
      return { members: await channels.members(channel) };
    },
  );

  app.post<{ Body: { channel: string; clientId: string } }>(
    '/api/channels/put-out',
    { schema: { body: PUT_OUT_BODY } },
    async (request, reply) => {
      const by = signedInClientId(request);
      await channels.putOut(parseName(request.body.channel), parseName(request.body.clientId), by);
      return reply.status(204).send();
    },
  );
}
