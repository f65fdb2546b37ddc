import { isFlotillaError } from '@flotilla-im/sdk';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ProblemAnswer } from '../words.ts';
import { HttpProblem } from './problem.ts';

/** When to come again after a failure that does not say so itself. */
const RETRY_MS = 1_000;

/** Turns whatever was thrown into a `ProblemAnswer`. What nobody foresaw is logged, and told without its trace. */
export function addErrorAnswers(app: FastifyInstance): void {
  app.setErrorHandler((error: Error & { statusCode?: number }, request, reply) => {
    const { status, ...problem } = describe(error);
    if (status >= 500) request.log[status === 500 ? 'error' : 'warn']({ err: error }, 'request failed');
    return answer(reply, status, problem);
  });
  app.setNotFoundHandler((_request, reply) =>
    answer(reply, 404, { code: 'not_found', message: 'There is nothing here.' }),
  );
}

function describe(error: Error & { statusCode?: number }): ProblemAnswer & { readonly status: number } {
  const { message, statusCode = 500 } = error;
  if (error instanceof HttpProblem) {
    const { code, retryAfterMs } = error;
    return { status: statusCode, code, message, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
  }
  if (isFlotillaError(error)) {
    const { code, retryable, retryAfterMs = RETRY_MS } = error;
    return retryable ? { status: 503, code, message, retryAfterMs } : { status: 400, code, message };
  }
  if (statusCode < 500) return { status: statusCode, code: 'bad_request', message };
  return { status: 500, code: 'internal', message: 'Something went wrong here.', retryAfterMs: RETRY_MS };
}

function answer(reply: FastifyReply, status: number, problem: ProblemAnswer): FastifyReply {
  const { retryAfterMs } = problem;
  if (retryAfterMs !== undefined) void reply.header('retry-after', Math.ceil(retryAfterMs / 1_000));
  return reply.status(status).send(problem);
}
