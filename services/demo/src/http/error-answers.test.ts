import { describe, expect, it } from '@jest/globals';
import { FlotillaError } from '@flotilla-im/sdk';
import Fastify from 'fastify';
import { addErrorAnswers } from './error-answers.ts';
import { HttpProblem } from './problem.ts';

async function answerTo(error: Error) {
  const app = Fastify();
  addErrorAnswers(app);
  app.get('/', () => {
    throw error;
  });
  const { statusCode, headers, body } = await app.inject('/');
  return { statusCode, retryAfter: headers['retry-after'], body: JSON.parse(body) as unknown };
}

describe('an answer that is no success', () => {
  it('tells what the business refuses, in a sentence', async () => {
    expect(await answerTo(new HttpProblem(403, 'no_member', 'Join the channel first.'))).toEqual({
      statusCode: 403,
      retryAfter: undefined,
      body: { code: 'no_member', message: 'Join the channel first.' },
    });
  });

  it('says when to come again after a failure that passes', async () => {
    const error = new FlotillaError('no_shards', 'no shard is up', { retryAfterMs: 1_500 });
    expect(await answerTo(error)).toEqual({
      statusCode: 503,
      retryAfter: '2',
      body: { code: 'no_shards', message: 'no shard is up', retryAfterMs: 1_500 },
    });
  });

  it('passes on what Flotilla refuses for good', async () => {
    const { statusCode, body } = await answerTo(new FlotillaError('key_conflict', 'other content'));
    expect({ statusCode, body }).toEqual({ statusCode: 400, body: { code: 'key_conflict', message: 'other content' } });
  });

  it('keeps to itself what nobody foresaw', async () => {
    const { statusCode, body } = await answerTo(new TypeError('secret of the house'));
    expect(statusCode).toBe(500);
    expect(JSON.stringify(body)).not.toMatch(/secret|TypeError|at /u);
  });
});
