import type { FastifyInstance } from 'fastify';
import type { Chat } from '../chat/chat.ts';
import type { Draft } from '../chat/messages.ts';
import { isName } from '../chat/names.ts';
import { HttpProblem } from './problem.ts';
import { clientOf } from './session.ts';

const TEXT_LIMIT = 4_000;
const DRAFT = {
  body: {
    type: 'object',
    required: ['text', 'key'],
    additionalProperties: false,
    properties: {
      text: { type: 'string', minLength: 1, maxLength: TEXT_LIMIT },
      key: { type: 'string', minLength: 8, maxLength: 64 },
    },
  },
} as const;

interface ToChannel {
  Params: { channel: string };
}

interface ToPerson {
  Params: { person: string };
}

/** The address of a shard, and who is here. */
export function addPeopleRoutes(app: FastifyInstance, chat: Chat): void {
  app.post('/api/address', (request) => chat.address(clientOf(request)));
  app.get('/api/people', async (request) => {
    clientOf(request);
    return { people: await chat.people.list() };
  });
}

/** Channels: anybody may join; members read and write. */
export function addChannelRoutes(app: FastifyInstance, chat: Chat): void {
  const memberOf = async (channel: string, clientId: string): Promise<void> => {
    if (await chat.channels.isMember(channel, clientId)) return;
    throw new HttpProblem(403, 'no_member', 'Join the channel first.');
  };
  app.get('/api/channels', async (request) => ({ channels: await chat.channels.list(clientOf(request)) }));
  app.put<ToChannel>('/api/channels/:channel/membership', async (request, reply) => {
    await chat.channels.join(named(request.params.channel), clientOf(request));
    return reply.status(204).send();
  });
  app.delete<ToChannel>('/api/channels/:channel/membership', async (request, reply) => {
    await chat.channels.leave(named(request.params.channel), clientOf(request));
    return reply.status(204).send();
  });
  app.get<ToChannel>('/api/channels/:channel/messages', async (request) => {
    const channel = named(request.params.channel);
    await memberOf(channel, clientOf(request));
    return { messages: await chat.messages.ofChannel(channel) };
  });
  app.post<ToChannel & { Body: Draft }>('/api/channels/:channel/messages', { schema: DRAFT }, async (request) => {
    const clientId = clientOf(request);
    const channel = named(request.params.channel);
    await memberOf(channel, clientId);
    return chat.messages.publish(channel, clientId, request.body);
  });
}

/** Private messages: anybody may write to anybody, present or not. */
export function addPrivateRoutes(app: FastifyInstance, chat: Chat): void {
  app.get<ToPerson>('/api/people/:person/messages', async (request) => ({
    messages: await chat.messages.between(clientOf(request), named(request.params.person)),
  }));
  app.post<ToPerson & { Body: Draft }>('/api/people/:person/messages', { schema: DRAFT }, async (request) => {
    const clientId = clientOf(request);
    const person = named(request.params.person);
    const sent = await chat.messages.send(clientId, person, request.body);
    chat.receipts.follow(clientId, person, sent);
    const own = sent.outcomes.find((outcome) => outcome.clientId === clientId);
    return { id: sent.messageId, position: own?.position ?? null, at: own?.at ?? null };
  });
  app.get('/api/receipts', async (request) => ({ receipts: await chat.receipts.states(clientOf(request)) }));
}

function named(name: string): string {
  if (!isName(name)) throw new HttpProblem(400, 'bad_name', 'A name has 1 to 40 visible characters.');
  return name;
}
