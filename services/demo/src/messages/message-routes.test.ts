import cookie from '@fastify/cookie';
import { describe, expect, it } from '@jest/globals';
import Fastify from 'fastify';
import { APP_OPTIONS } from '../http/app-options.ts';
import { addErrorAnswers } from '../http/error-answers.ts';
import { HttpProblem } from '../http/problem.ts';
import { writeSession } from '../session/session-cookie.ts';
import { addMessageRoutes } from './message-routes.ts';
import { TEXT_LIMIT } from './text.ts';

const ACCEPTED = { id: 'm1', position: 'g.1', at: 1, state: 'sent' } as const;
const PAST = { messages: [], before: null };
const DRAFT = { to: 'Bob', text: 'hi', key: 'key-00000001' };

/** The routes over a business that accepts everything and notes it; Anna is a member of Harbour only. */
async function setup() {
  const said: string[] = [];
  const accept = (where: string, written: { from: string; text: string }) => {
    said.push(`${written.from} > ${where}: ${written.text}`);
    return Promise.resolve(ACCEPTED);
  };
  const app = Fastify(APP_OPTIONS);
  addErrorAnswers(app);
  await app.register(cookie, { secret: 's'.repeat(32) });
  app.get('/in', (_request, reply) => {
    writeSession(reply, 'Anna');
    return reply.send();
  });
  addMessageRoutes(app, {
    messages: {
      publish: (channel, written) => accept(`#${channel}`, written),
      send: (to, written) => accept(to, written),
    },
    channels: {
      checkMember: (channel) => {
        if (channel !== 'Harbour') throw new HttpProblem(403, 'no_member', 'Join the channel first.');
        return Promise.resolve();
      },
    },
    past: { ofChannel: () => Promise.resolve(PAST), ofInbox: () => Promise.resolve(PAST) },
    receipts: { between: () => Promise.resolve([]), close: () => Promise.resolve() },
    nowMs: () => 0,
  });
  const { cookies } = await app.inject('/in');
  const jar = Object.fromEntries(cookies.map(({ name, value }) => [name, value]));
  const post = async (payload: object | string, headers: Record<string, string> = {}) => {
    const answer = await app.inject({ method: 'POST', url: '/api/messages', cookies: jar, payload, headers });
    return { status: answer.statusCode, code: answer.json<{ code?: string }>().code };
  };
  const get = (url: string) => app.inject({ url, cookies: jar });
  return { app, said, post, get };
}

describe('writing', () => {
  it('is done in the name of who is signed in, to a person or to a channel', async () => {
    const { said, post } = await setup();
    expect(await post(DRAFT)).toEqual({ status: 200, code: undefined });
    expect(await post({ channel: 'Harbour', text: 'ahoy', key: DRAFT.key })).toEqual({ status: 200, code: undefined });
    expect(said).toEqual(['Anna > Bob: hi', 'Anna > #Harbour: ahoy']);
  });

  it.each<[string, object, number, string]>([
    ['a sender of its own choice', { ...DRAFT, from: 'Bob' }, 400, 'bad_request'],
    ['nobody to get it', { text: 'hi', key: DRAFT.key }, 400, 'bad_request'],
    ['two places to go', { ...DRAFT, channel: 'Harbour' }, 400, 'bad_request'],
    ['no text', { ...DRAFT, text: '' }, 400, 'bad_request'],
    ['only white space', { ...DRAFT, text: ' \n ' }, 400, 'bad_text'],
    ['half a character', { ...DRAFT, text: '\ud83d' }, 400, 'bad_text'],
    ['a text that is too long', { ...DRAFT, text: 'x'.repeat(TEXT_LIMIT + 1) }, 400, 'bad_request'],
    ['a text that is a number', { ...DRAFT, text: 7 }, 400, 'bad_request'],
    ['no key', { to: 'Bob', text: 'hi' }, 400, 'bad_request'],
    ['a key that is no key', { ...DRAFT, key: '<script>' }, 400, 'bad_request'],
    ['a name that is none', { ...DRAFT, to: '\u0000' }, 400, 'bad_name'],
    ['a reserved channel', { channel: '$broadcast', text: 'hi', key: DRAFT.key }, 400, 'bad_name'],
    ['a channel the person is not in', { channel: 'Cabin', text: 'hi', key: DRAFT.key }, 403, 'no_member'],
    ['far too much', { ...DRAFT, text: 'x'.repeat(40_000) }, 413, 'bad_request'],
  ])('is refused with %s', async (_, payload, status, code) => {
    const { said, post } = await setup();
    expect(await post(payload)).toEqual({ status, code });
    expect(said).toEqual([]);
  });

  it('is refused as anything but JSON, which another site could send in a form', async () => {
    const { said, post } = await setup();
    for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
      expect((await post(JSON.stringify(DRAFT), { 'content-type': type })).status).toBeGreaterThanOrEqual(400);
    }
    expect(said).toEqual([]);
  });

  it('is refused above the pace, with the time to come again', async () => {
    const { said, post } = await setup();
    for (let i = 0; i < 200; i += 1) await post(DRAFT);
    expect(await post(DRAFT)).toEqual({ status: 429, code: 'rate_limited' });
    expect(said).toHaveLength(200);
  });
});

describe('whoever is signed out', () => {
  it.each(['/api/inbox', '/api/history?channel=Harbour', '/api/receipts?to=Bob'])('sees nothing at %s', async (url) => {
    const { app } = await setup();
    expect((await app.inject(url)).statusCode).toBe(401);
  });
});

it("a channel's past is for its members", async () => {
  const { get } = await setup();
  expect((await get('/api/history?channel=Harbour')).statusCode).toBe(200);
  expect((await get('/api/history?channel=Cabin')).statusCode).toBe(403);
});
