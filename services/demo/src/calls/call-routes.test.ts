import cookie from '@fastify/cookie';
import { afterEach, describe, expect, it } from '@jest/globals';
import Fastify from 'fastify';
import { APP_OPTIONS } from '../http/app-options.ts';
import { addErrorAnswers } from '../http/error-answers.ts';
import { writeSession } from '../session/session-cookie.ts';
import { createCallId } from './call-id.ts';
import { addCallRoutes } from './call-routes.ts';
import type { Calls } from './calls.ts';

const KEY = '0123456789abcdef'.repeat(2);
const CALL = createCallId(1_700_000_000_000, KEY);
const ICE_SERVERS = [{ urls: 'turn:turn.example.org', username: 'u', credential: 'secret' }];

const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** The routes over calls that agree to everything. */
async function setup() {
  const calls: Partial<Calls> = {
    dial: () => Promise.resolve({ call: CALL, crossed: null }),
    answer: () => Promise.resolve(),
  };
  const app = Fastify(APP_OPTIONS);
  closers.push(() => app.close());
  addErrorAnswers(app);
  await app.register(cookie, { secret: 's'.repeat(32) });
  app.get('/in', (_request, reply) => {
    writeSession(reply, 'Anna');
    return reply.send();
  });
  addCallRoutes(app, {
    calls: calls as Calls,
    dropped: { saysGoodbye: () => Promise.resolve() },
    ...{ pageClosed: () => undefined, iceServers: ICE_SERVERS, nowMs: () => 0 },
  });
  const { cookies } = await app.inject('/in');
  const jar = Object.fromEntries(cookies.map(({ name, value }) => [name, value]));
  const post = async (verb: string, payload: object): Promise<unknown> =>
    (await app.inject({ method: 'POST', url: `/api/calls/${verb}`, cookies: jar, payload })).json();
  const answer = (outcome: string) => post('answer', { call: CALL, device: KEY, outcome, video: true });
  return { post, answer };
}

describe('the servers by which browsers find each other', () => {
  it('are told to who dials, and to who accepts', async () => {
    const { post, answer } = await setup();
    const dialling = { to: 'Bob', device: KEY, key: KEY, video: true };
    expect(await post('dial', dialling)).toEqual({ call: CALL, crossed: null, iceServers: ICE_SERVERS });
    expect(await answer('accepted')).toEqual({ call: CALL, crossed: null, iceServers: ICE_SERVERS });
  });

  it('are kept from who refuses: they may hold credentials', async () => {
    const { answer } = await setup();
    expect(await answer('refused')).toEqual({ call: CALL, crossed: null, iceServers: [] });
  });
});
