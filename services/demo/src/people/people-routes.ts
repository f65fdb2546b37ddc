import type { FastifyInstance } from 'fastify';
import { signedInClientId } from '../session/session-cookie.ts';
import type { People } from './people.ts';

/** Who is online. */
export function addPeopleRoutes(app: FastifyInstance, people: People): void {
  app.get('/api/people', async (request) => {
    signedInClientId(request);
    return { online: await people.online() };
  });
}
