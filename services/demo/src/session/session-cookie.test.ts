import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import cookie from '@fastify/cookie';
import Fastify from 'fastify';
import { clientIdOf, signedInClientId, writeSession } from './session-cookie.ts';
import { addErrorAnswers } from '../http/error-answers.ts';

const SECRET = 'a'.repeat(64);

async function setup(secret: string[] = [SECRET]) {
  const app = Fastify();
  addErrorAnswers(app);
  await app.register(cookie, { secret });
  app.get('/me', (request) => ({ clientId: clientIdOf(request) }));
  app.get('/private', (request) => signedInClientId(request));
  app.post('/in/:name', (request, reply) => {
    writeSession(reply, (request.params as { name: string }).name);
    return reply.send('ok');
  });
  const signIn = async (name: string) => {
    const { cookies } = await app.inject({ method: 'POST', url: `/in/${encodeURIComponent(name)}` });
    return { cookies, jar: Object.fromEntries(cookies.map((each) => [each.name, each.value])) };
  };
  const me = async (cookies: Record<string, string>): Promise<{ clientId: string | null }> =>
    (await app.inject({ url: '/me', cookies })).json();
  return { app, signIn, me };
}

const sign = (value: string, secret: string): string =>
  `${value}.${createHmac('sha256', secret).update(value).digest('base64').replace(/=+$/u, '')}`;

describe('the session cookie', () => {
  it('says who asks, whatever the name holds', async () => {
    const { signIn, me } = await setup();
    for (const name of ['Anna', 'Zoë; Path=/', 'a.b.c', '😀 <b>', '%2e%2e']) {
      const { jar } = await signIn(name);
      expect((await me(jar)).clientId).toBe(name);
    }
  });

  it('is out of reach for scripts and for other sites', async () => {
    const { signIn } = await setup();
    const { cookies } = await signIn('Anna');
    expect(cookies).toHaveLength(1);
    for (const each of cookies) expect(each).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
  });

  it.each<[string, (jar: Record<string, string>) => string]>([
    ['nothing', () => ''],
    ['a name without a signature', () => 'client:Bob'],
    ['an empty signature', () => 'client:Bob.'],
    ['the signature of another name', (jar) => (jar['flotilla_demo'] ?? '').replace('Anna', 'Bob')],
    ['a signature by another secret', () => sign('client:Bob', 'b'.repeat(64))],
    ['something else that this service signed', () => sign('download:Bob', SECRET)],
    ['garbage', () => '%00%ff.%00'],
  ])('is not believed with %s', async (_, forge) => {
    const { app, signIn, me } = await setup();
    const { jar } = await signIn('Anna');
    const forged = { flotilla_demo: forge(jar) };
    expect((await me(forged)).clientId).toBeNull();
    const answer = await app.inject({ url: '/private', cookies: forged });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toEqual({ code: 'signed_out', message: 'Sign in first.' });
  });

  it('stays good while its secret is the second one', async () => {
    const { jar } = await (await setup()).signIn('Anna');
    const rotated = await setup(['c'.repeat(64), SECRET]);
    expect((await rotated.me(jar)).clientId).toBe('Anna');
    const later = await setup(['c'.repeat(64)]);
    expect((await later.me(jar)).clientId).toBeNull();
  });
});
