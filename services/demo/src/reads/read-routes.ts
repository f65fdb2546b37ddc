import type { FastifyInstance } from 'fastify';
import { Pace } from '../http/pace.ts';
import { POSITION } from '../messages/text.ts';
import { parseName } from '../session/names.ts';
import { signedInClientId } from '../session/session-cookie.ts';
import type { Looked } from '../words.ts';
import type { Reads } from './reads.ts';

const READ_BODY = {
  type: 'object',
  required: ['from', 'id', 'position'],
  additionalProperties: false,
  properties: {
    from: { type: 'string', maxLength: 400 },
    id: { type: 'string', minLength: 1, maxLength: 128 },
    position: POSITION,
  },
} as const;

/** A page says that its conversation was looked at. Who looked is who asks. @param nowMs - monotonic */
export function addReadRoutes(app: FastifyInstance, reads: Reads, nowMs: () => number): void {
  const pace = new Pace({ perSecond: 5, burst: 50, nowMs });
  app.post<{ Body: Looked }>('/api/messages/read', { schema: { body: READ_BODY } }, async (request, reply) => {
    const reader = signedInClientId(request);
    pace.take(reader);
    await reads.tell(reader, { ...request.body, from: parseName(request.body.from) });
    return reply.status(204).send();
  });
}
