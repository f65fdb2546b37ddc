import { isFlotillaError } from '@flotilla-im/sdk';
import type { FastifyInstance } from 'fastify';
import { HttpProblem } from './problem.ts';

/** Turns whatever was thrown into `{ code, message }`; what nobody foresaw is logged and told as `internal`, without a trace. */
export function addErrorAnswers(app: FastifyInstance): void {
  app.setErrorHandler((error: Error & { statusCode?: number; code?: string }, request, reply) => {
    if (error instanceof HttpProblem)
      return reply.status(error.statusCode).send({ code: error.code, message: error.message });
    if (isFlotillaError(error)) {
      const { code, message, retryable, retryAfterMs } = error;
      return reply.status(retryable ? 503 : 400).send({ code, message, retryAfterMs });
    }
    const status = error.statusCode ?? 500;
    if (status < 500) return reply.status(status).send({ code: 'bad_request', message: error.message });
    request.log.error({ err: error }, 'request failed');
    return reply.status(500).send({ code: 'internal', message: 'Something went wrong here. Try again.' });
  });
  app.setNotFoundHandler((_request, reply) =>
    reply.status(404).send({ code: 'not_found', message: 'There is nothing here.' }),
  );
}
