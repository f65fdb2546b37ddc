import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpProblem } from '../http/problem.ts';

const SESSION = 'flotilla_demo';
const DEVICE = 'flotilla_demo_device';
const WEEK_S = 7 * 24 * 3_600;
const YEAR_S = 365 * 24 * 3_600;

/** Nothing but this service reads or writes them. `auto`: `Secure` where the page came over HTTPS. */
const OPTIONS = { signed: true, httpOnly: true, sameSite: 'strict', secure: 'auto', path: '/' } as const;

/** Each value begins with what it is for, so that one signed cookie cannot be passed off as the other. */
const PREFIX = { [SESSION]: 'client:', [DEVICE]: 'device:' } as const;

/** Who asks, by a cookie that only this service can sign; null when signed out. */
export function clientIdOf(request: FastifyRequest): string | null {
  return read(request, SESSION);
}

/** Who asks. @throws {HttpProblem} 401 signed_out */
export function signedInClientId(request: FastifyRequest): string {
  const clientId = clientIdOf(request);
  if (clientId === null) throw new HttpProblem(401, 'signed_out', 'Sign in first.');
  return clientId;
}

/** Which browser asks: Flotilla keeps a place in inbox and channels for each device. null: one without a name. */
export function deviceOf(request: FastifyRequest): string | null {
  return read(request, DEVICE);
}

/** Signs somebody in. The browser keeps its name as a device for whoever signs in there. */
export function writeSession(request: FastifyRequest, reply: FastifyReply, clientId: string): void {
  reply.setCookie(SESSION, PREFIX[SESSION] + clientId, { ...OPTIONS, maxAge: WEEK_S });
  const device = deviceOf(request) ?? randomBytes(9).toString('base64url');
  reply.setCookie(DEVICE, PREFIX[DEVICE] + device, { ...OPTIONS, maxAge: YEAR_S });
}

/** Signs out. */
export function clearSession(reply: FastifyReply): void {
  reply.clearCookie(SESSION, { path: '/' });
}

function read(request: FastifyRequest, cookie: keyof typeof PREFIX): string | null {
  const { value, valid } = request.unsignCookie(request.cookies[cookie] ?? '');
  const prefix = PREFIX[cookie];
  return valid && value.startsWith(prefix) ? value.slice(prefix.length) : null;
}
