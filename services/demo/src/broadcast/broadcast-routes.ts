import type { Flotilla } from '@flotilla-im/sdk';
import type { FastifyInstance } from 'fastify';
import { Pace } from '../http/pace.ts';
import { HttpProblem } from '../http/problem.ts';
import type { Past } from '../messages/past.ts';
import { checkText, POSITION, TEXT_PROPERTIES } from '../messages/text.ts';
import { signedInClientId } from '../session/session-cookie.ts';
import type { AcceptedMessage, Notice, TextData } from '../words.ts';

/** What these routes need. */
export interface BroadcastDeps {
  readonly flotilla: Pick<Flotilla, 'broadcast'>;
  readonly past: Pick<Past, 'ofBroadcasts'>;
  /** The business's decision. */
  readonly mayBroadcast: (clientId: string) => boolean;
  /** Monotonic. */
  readonly nowMs: () => number;
}

const NOTICE_BODY = {
  type: 'object',
  required: ['text', 'key'],
  additionalProperties: false,
  properties: TEXT_PROPERTIES,
} as const;
const PAST_QUERY = { type: 'object', properties: { before: POSITION } } as const;

/** A notice to everybody, members of a channel or of none, and those who come back within the log's bounds. */
export function addBroadcastRoutes(app: FastifyInstance, deps: BroadcastDeps): void {
  const { flotilla, past, mayBroadcast, nowMs } = deps;
  const pace = new Pace({ perSecond: 1, burst: 10, nowMs });

  app.post<{ Body: Notice }>(
    '/api/broadcast',
    { schema: { body: NOTICE_BODY } },
    async (request): Promise<AcceptedMessage> => {
      const from = signedInClientId(request);
      if (!mayBroadcast(from)) {
        throw new HttpProblem(403, 'not_allowed', 'Here nobody writes to everybody at once.');
      }
      const { text, key } = request.body;
      checkText(text);
      pace.take(from);
      const data: TextData = { kind: 'text', text, key };
      const { messageId: id, position, at } = await flotilla.broadcast({ from, data, key });
      if (position === null || at === null) throw new Error('a durable message without a position');
      return { id, position, at, state: 'sent' };
    },
  );

  app.get<{ Querystring: { before?: string } }>(
    '/api/broadcasts',
    { schema: { querystring: PAST_QUERY } },
    (request) => {
      signedInClientId(request);
      return past.ofBroadcasts(request.query.before);
    },
  );
}
