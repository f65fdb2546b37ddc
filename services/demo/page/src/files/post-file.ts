import type { AcceptedFile, ProblemAnswer } from '../../../src/words.ts';
import { UploadProblem } from './upload-problem.ts';

/** A file on its way, and the key that makes repeating it harmless. */
export interface Posting {
  readonly file: Blob;
  readonly name: string;
  readonly type: string;
  readonly to: string;
  readonly key: string;
}

/**
 * Sends it once, all of it. Not by `fetch`, which says nothing of how far it has come.
 *
 * @param progress - told the part that was sent, from 0 to 1
 * @throws {UploadProblem}, or the signal's reason
 */
export function postFile(
  { file, name, type, to, key }: Posting,
  progress: (part: number) => void,
  signal: AbortSignal,
): Promise<AcceptedFile> {
  const request = new XMLHttpRequest();
  const end = (): void => request.abort();
  signal.addEventListener('abort', end);
  const answered = new Promise<AcceptedFile>((resolve, reject) => {
    request.open('POST', `/api/files?${new URLSearchParams({ to, name, key }).toString()}`);
    request.responseType = 'json';
    request.setRequestHeader('content-type', type);
    request.upload.addEventListener('progress', ({ loaded, total }) => progress(loaded / total));
    request.addEventListener('load', () => {
      if (request.status === 200) resolve(request.response as AcceptedFile);
      else reject(problemOf(request.status, request.response as Partial<ProblemAnswer> | null));
    });
    request.addEventListener('error', () => reject(new UploadProblem('The service cannot be reached.', 0)));
    request.addEventListener('abort', () => reject(signal.reason as Error));
    request.send(file);
  });
  return answered.finally(() => signal.removeEventListener('abort', end));
}

/** Whatever the service could not do for now is tried again, but for want of room. */
function problemOf(status: number, answer: Partial<ProblemAnswer> | null): UploadProblem {
  // Whatever stands before the service may have limits of its own.
  const unknown = status === 413 ? 'This file is too large for something on its way.' : 'Something went wrong.';
  const { message = unknown, retryAfterMs = null } = answer ?? {};
  return new UploadProblem(message, retryAfterMs ?? (status >= 500 && status !== 507 ? 0 : null));
}
