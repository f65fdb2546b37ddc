import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Pace } from '../http/pace.ts';
import { HttpProblem } from '../http/problem.ts';
import { TEXT_PROPERTIES } from '../messages/text.ts';
import { parseName } from '../session/names.ts';
import { signedInClientId } from '../session/session-cookie.ts';
import type { FileLimits } from '../words.ts';
import { headersOf, sendContent } from './file-download.ts';
import { cleanFileName } from './file-names.ts';
import type { Files } from './files.ts';
import { bodyOf, letGo } from './request-body.ts';

/** What these routes need. */
export interface FileRoutesDeps {
  readonly files: Files;
  readonly limitBytes: number;
  /** Monotonic. */
  readonly nowMs: () => number;
}

type Query = { readonly to: string; readonly name: string; readonly key: string };

const UPLOAD_QUERY = {
  type: 'object',
  required: ['to', 'name', 'key'],
  additionalProperties: false,
  properties: {
    to: { type: 'string', maxLength: 400 },
    name: { type: 'string', maxLength: 2_000 },
    key: TEXT_PROPERTIES.key,
  },
} as const;

/** Files to a person, and what they and the sender have of them. */
export async function addFileRoutes(app: FastifyInstance, { files, limitBytes, nowMs }: FileRoutesDeps): Promise<void> {
  const pace = new Pace({ perSecond: 1, burst: 20, nowMs });
  await app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    // Whatever it is, here it is bytes, which are read as they can be written.
    scope.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null));
    scope.post<{ Querystring: Query }>('/api/files', { schema: { querystring: UPLOAD_QUERY } }, async (request) => {
      const { raw } = request;
      try {
        const from = signedInClientId(request);
        checkOrigin(request);
        const to = parseName(request.query.to);
        pace.take(from);
        const name = cleanFileName(request.query.name);
        const declared = request.headers['content-type'] ?? '';
        const length = lengthOf(raw);
        return await files.receive({ from, to, name, key: request.query.key, declared, length, source: bodyOf(raw) });
      } finally {
        letGo(raw, limitBytes);
      }
    });
    done();
  });

  app.get('/api/files', (request): FileLimits => {
    signedInClientId(request);
    return { limitBytes };
  });

  app.route<{ Params: { fileId: string } }>({
    method: ['GET', 'HEAD'],
    url: '/api/files/:fileId',
    async handler(request, reply) {
      const found = await files.open(request.params.fileId, signedInClientId(request));
      if (request.method === 'GET') return sendContent(request, reply, found);
      await found.content.close();
      return reply.headers(headersOf(found.file)).send();
    },
  });
}

/** A form of another site can send a text; browsers say where a request comes from. */
function checkOrigin({ headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return;
  throw new HttpProblem(403, 'not_allowed', 'Files are sent from the page of this service only.');
}

/** What the request says; null: it does not say. */
function lengthOf({ headers }: IncomingMessage): number | null {
  const length = headers['content-length'];
  return length === undefined ? null : Number(length);
}
