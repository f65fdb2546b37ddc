import type { FastifyInstance } from 'fastify';
import type { PageFile } from './page-files.ts';

/** Serves the page from memory; a browser that has it already is told so. */
export function addPageRoutes(app: FastifyInstance, files: readonly PageFile[]): void {
  for (const { path, type, content, etag, isImmutable } of files) {
    const caching = isImmutable ? 'public, max-age=31536000, immutable' : 'no-cache';
    app.get(path, (request, reply) => {
      void reply.headers({ etag, 'cache-control': caching });
      if (request.headers['if-none-match'] === etag) return reply.status(304).send();
      return reply.type(type).send(content);
    });
  }
}
