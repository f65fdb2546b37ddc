import type { FastifyReply, FastifyRequest } from 'fastify';
import { HttpProblem } from '../http/problem.ts';
import { parseRange } from './byte-range.ts';
import { attachment, savedName } from './file-names.ts';
import { findType } from './file-types.ts';
import type { OpenFile } from './files.ts';
import type { StoredFile } from './stored-file.ts';

/**
 * What was sent by others is saved, never shown: no browser guesses at it, and were one to show it after all, it could do
 * nothing there.
 */
const DOWNLOAD = Object.freeze({
  'content-type': 'application/octet-stream',
  'content-security-policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
  'cache-control': 'private, no-store',
  'accept-ranges': 'bytes',
});

/** Headers of the whole file. */
export function headersOf({ fileId, name, type, size }: StoredFile): Record<string, string | number> {
  const disposition = attachment(savedName(name, findType(type) ?? { extensions: [] }));
  return { ...DOWNLOAD, etag: etagOf(fileId), 'content-length': size, 'content-disposition': disposition };
}

/** What has an id never changes. */
function etagOf(fileId: string): string {
  return `"${fileId}"`;
}

/**
 * All of it, or the part with which a download that broke off goes on. The stream closes the file.
 *
 * @throws {HttpProblem} 416 bad_range
 */
export async function sendContent(
  { headers: asked }: FastifyRequest,
  reply: FastifyReply,
  { file, content }: OpenFile,
) {
  const { fileId, size } = file;
  // Whoever has the beginning of something else gets all of it (RFC 9110, section 13.1.5).
  const isOfThis = asked['if-range'] === undefined || asked['if-range'] === etagOf(fileId);
  const range = isOfThis ? parseRange(asked.range ?? null, size) : null;
  if (range === 'beyond') {
    await content.close();
    void reply.header('content-range', `bytes */${size}`);
    throw new HttpProblem(416, 'bad_range', `The file has ${size} bytes.`);
  }
  void reply.headers(headersOf(file));
  if (range === null) return reply.send(content.createReadStream());
  const { start, end } = range;
  void reply
    .status(206)
    .headers({ 'content-range': `bytes ${start}-${end}/${size}`, 'content-length': end - start + 1 });
  return reply.send(content.createReadStream({ start, end }));
}
