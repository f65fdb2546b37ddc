import type { IncomingMessage } from 'node:http';
import { HttpProblem } from '../http/problem.ts';

/**
 * The body of a request, chunk by chunk as it is asked for. Who stops early leaves the connection whole, so that an answer
 * can still be given.
 *
 * @throws {HttpProblem} 400 broken_off when the connection ends first
 */
export async function* bodyOf(request: IncomingMessage): AsyncGenerator<Uint8Array, void> {
  const chunks = request.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Uint8Array>;
  for (;;) {
    const { done, value } = await nextOf(chunks);
    if (done === true) return;
    let isTaken = false;
    try {
      yield value;
      isTaken = true;
    } finally {
      if (!isTaken) await chunks.return?.();
    }
  }
}

async function nextOf(chunks: AsyncIterator<Uint8Array>): Promise<IteratorResult<Uint8Array, unknown>> {
  try {
    return await chunks.next();
  } catch {
    throw new HttpProblem(400, 'broken_off', 'The file broke off before its end.');
  }
}

/**
 * Reads on without keeping anything: a browser looks at the answer only when it has sent everything. Who sends much more
 * than a page would is cut off.
 */
export function letGo(request: IncomingMessage, mostBytes: number): void {
  if (request.readableEnded || request.destroyed) return;
  let left = mostBytes;
  request.on('error', () => undefined);
  request.on('data', (chunk: Uint8Array) => {
    left -= chunk.length;
    if (left < 0) request.destroy();
  });
  request.resume();
}
