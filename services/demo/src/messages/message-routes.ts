import type { FastifyInstance } from 'fastify';
import type { ChatChannels } from '../channels/channels.ts';
import { Pace } from '../http/pace.ts';
import { HttpProblem } from '../http/problem.ts';
import { parseName } from '../session/names.ts';
import { signedInClientId } from '../session/session-cookie.ts';
import type { Draft } from '../words.ts';
import type { Messages } from './messages.ts';
import type { Past } from './past.ts';
import type { MessageReceipts } from './receipts.ts';
import { checkText, POSITION, TEXT_PROPERTIES } from './text.ts';

/** How long an answer waits for messages that are on their way to somebody who has just come back. */
const RECEIPTS_WAIT_MS = 10_000;

/** What these routes need. */
export interface MessageDeps {
  readonly channels: Pick<ChatChannels, 'checkMember'>;
  readonly messages: Pick<Messages, 'publish' | 'send'>;
  readonly past: Pick<Past, 'ofChannel' | 'ofInbox'>;
  readonly receipts: MessageReceipts;
  /** Monotonic. */
  readonly nowMs: () => number;
}

const NAME = { type: 'string', maxLength: 400 } as const;
const DRAFT_BODY = {
  type: 'object',
  required: ['text', 'key'],
  additionalProperties: false,
  properties: {
    channel: NAME,
    to: NAME,
    ...TEXT_PROPERTIES,
  },
} as const;
const CHANNEL_QUERY = {
  type: 'object',
  required: ['channel'],
  properties: { channel: NAME, before: POSITION },
} as const;
const INBOX_QUERY = { type: 'object', properties: { before: POSITION } } as const;
const RECEIPTS_QUERY = {
  type: 'object',
  required: ['to'],
  properties: { to: NAME, wait: { enum: ['true', 'false'] } },
} as const;

/** Writing, and what was written: members use channels, anybody may write to anybody, online or not. */
export function addMessageRoutes(app: FastifyInstance, deps: MessageDeps): void {
  const { channels, messages, past, receipts, nowMs } = deps;
  const pace = new Pace({ perSecond: 100, burst: 200, nowMs });

  app.post<{ Body: Draft }>('/api/messages', { schema: { body: DRAFT_BODY } }, async (request) => {
    const from = signedInClientId(request);
    const { channel, to, text, key } = request.body;
    if ((channel === undefined) === (to === undefined)) {
      throw new HttpProblem(400, 'bad_request', 'A message goes either to a channel or to a person.');
    }
    checkText(text);
    pace.take(from);
    if (to !== undefined) return messages.send(parseName(to), { from, text, key });
    const name = parseName(channel);
    await channels.checkMember(name, from);
    return messages.publish(name, { from, text, key });
  });

  app.get<{ Querystring: { before?: string } }>('/api/inbox', { schema: { querystring: INBOX_QUERY } }, (request) =>
    past.ofInbox(signedInClientId(request), request.query.before),
  );

  app.get<{ Querystring: { channel: string; before?: string } }>(
    '/api/history',
    { schema: { querystring: CHANNEL_QUERY } },
    async (request) => {
      const channel = parseName(request.query.channel);
      await channels.checkMember(channel, signedInClientId(request));
      return past.ofChannel(channel, request.query.before);
    },
  );

  app.get<{ Querystring: { to: string; wait?: 'true' | 'false' } }>(
    '/api/receipts',
    { schema: { querystring: RECEIPTS_QUERY } },
    async (request) => {
      const { to, wait } = request.query;
      const from = signedInClientId(request);
      return { receipts: await receipts.between(from, parseName(to), wait === 'true' ? RECEIPTS_WAIT_MS : 0) };
    },
  );
}
