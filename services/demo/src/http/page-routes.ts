import { createHash } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import type { PageFile } from '../page-files/page-files.ts';

/** Scripts and styles are files of our own and nothing else; sockets go to the shards, wherever the map says they are. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self' ws: wss:",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Serves the page from memory; a browser that has it is told so. */
export function addPageRoutes(app: FastifyInstance, files: readonly PageFile[]): void {
  for (const { path, type, content } of files) {
    const etag = `"${createHash('sha256').update(content).digest('base64url')}"`;
    app.get(path, (request, reply) => {
      reply.headers({
        etag,
        'cache-control': 'no-cache',
        'content-security-policy': CONTENT_SECURITY_POLICY,
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
      });
      if (request.headers['if-none-match'] === etag) return reply.status(304).send();
      return reply.type(type).send(content);
    });
  }
}
