import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpProblem } from '../http/problem.ts';

const COOKIE = 'flotilla_demo';
const WEEK_S = 7 * 24 * 3_600;

/** Nothing but this service reads or writes it. `auto`: `Secure` where the page came over HTTPS. */
const OPTIONS = {
  signed: true,
  httpOnly: true,
  sameSite: 'strict',
  secure: 'auto',
  path: '/',
  maxAge: WEEK_S,
} as const;

/** What is signed begins with what it is for, so that nothing else this service signs can be passed off as a session. */
const PREFIX = 'client:';

/** Who asks, by a cookie that only this service can sign; null when signed out. */
export function clientIdOf(request: FastifyRequest): string | null {
  const { value, valid } = request.unsignCookie(request.cookies[COOKIE] ?? '');
  return valid && value.startsWith(PREFIX) ? value.slice(PREFIX.length) : null;
}

/** Who asks. @throws {HttpProblem} 401 signed_out */
export function signedInClientId(request: FastifyRequest): string {
  const clientId = clientIdOf(request);
  if (clientId === null) throw new HttpProblem(401, 'signed_out', 'Sign in first.');
  return clientId;
}

/** Signs somebody in, in this browser, for a week. */
export function writeSession(reply: FastifyReply, clientId: string): void {
  reply.setCookie(COOKIE, PREFIX + clientId, OPTIONS);
}

/** Signs out. */
export function clearSession(reply: FastifyReply): void {
  reply.clearCookie(COOKIE, { path: '/' });
}
