import { Problem } from '../problem.ts';
import type { VerbResult } from '../verbs/verb.ts';
import type { ControlLine, ControlRequest } from './control-request.ts';

/** Whether a launcher answers at its control address. */
export async function answersAt(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/status`, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false;
  }
}

/**
 * Asks a running launcher and follows its answer to the end.
 *
 * @param url - the base address from `.flotilla/control.json`
 * @throws {Problem} when nobody answers there, it refuses, or stops in the middle
 */
export async function askLauncher(
  url: string,
  request: ControlRequest,
  say: (line: string) => void,
): Promise<VerbResult> {
  const { verb, ...body } = request;
  const response = await fetch(`${url}/${verb}`, { method: 'POST', body: JSON.stringify(body) }).catch(() => null);
  if (response === null) throw new Problem('The Flotilla of this folder does not answer. npm start starts one.');
  if (!response.ok || response.body === null) {
    const { error } = (await response.json()) as { error: string };
    throw new Problem(error);
  }
  for await (const line of linesOf(response.body)) {
    const told = JSON.parse(line) as ControlLine;
    if ('done' in told) return told.done;
    say(told.say);
  }
  throw new Problem('Flotilla stopped before it was done.');
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = '';
  try {
    for await (const text of body.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  } catch {
    throw new Problem('Flotilla stopped before it was done.');
  }
}
