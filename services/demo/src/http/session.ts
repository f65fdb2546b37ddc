import { createHmac } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isName } from '../chat/names.ts';
import { HttpProblem } from './problem.ts';

const COOKIE = 'flotilla_demo';
const WEEK_S = 7 * 24 * 3_600;

/** Who asks, by a cookie that only this service can sign; 401 without one. */
export function clientOf(request: FastifyRequest): string {
  const { value, valid } = request.unsignCookie(request.cookies[COOKIE] ?? '');
  if (!valid || !isName(value)) throw new HttpProblem(401, 'signed_out', 'Sign in first.');
  return value;
}

/** The cookies' secret: derived from the token keys, so that it outlives a restart and is the same in every replica. */
export function cookieSecret(tokenKeys: string): string {
  return createHmac('sha256', tokenKeys).update('flotilla demo session').digest('base64url');
}

/**
 * Signing in by a name alone: whoever says a name is that person, on as many pages as they like. A product asks for more
 * here; nothing else would change.
 */
export function addSessionRoutes(app: FastifyInstance): void {
  app.get('/api/session', (request) => ({ clientId: clientOf(request) }));
  app.post<{ Body: { name: string } }>('/api/session', { schema: { body: NAME_BODY } }, async (request, reply) => {
    const clientId = request.body.name.trim().normalize('NFC');
    if (!isName(clientId)) throw new HttpProblem(400, 'bad_name', 'A name has 1 to 40 visible characters.');
    reply.setCookie(COOKIE, clientId, { signed: true, httpOnly: true, sameSite: 'strict', path: '/', maxAge: WEEK_S });
    return reply.send({ clientId });
  });
  app.delete('/api/session', (_request, reply) => reply.clearCookie(COOKIE, { path: '/' }).status(204).send());
}

const NAME_BODY = {
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: { name: { type: 'string', maxLength: 400 } },
} as const;
