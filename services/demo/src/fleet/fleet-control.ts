import { HttpProblem } from '../http/problem.ts';
import type { ControlState } from './fleet-words.ts';

/** What can be asked of the launcher. */
export type ControlRequest =
  | { readonly verb: 'scale'; readonly shards: number }
  | { readonly verb: 'kill'; readonly shard: number };

/** The launcher of one machine, as far as pages may reach it. */
export interface FleetControl {
  /** What was asked for last; null: nothing yet. */
  readonly state: ControlState | null;
  /**
   * Has it begun; how it goes is in `state`.
   *
   * @throws {HttpProblem} 409 busy while something else is under way
   */
  begin(asked: ControlRequest): void;
  /** Stops listening to it; what it does goes on. */
  close(): Promise<void>;
}

/** As much of `fetch` as is used. */
type Request = (
  url: string,
  init: { readonly method: string; readonly body: string; readonly signal: AbortSignal },
) => Promise<Response>;

/** A line of the launcher's answer. */
interface Line {
  readonly say?: string;
  readonly done?: { readonly ok: boolean; readonly text: string };
}

/**
 * Asks the launcher, whose address no page gets to know.
 *
 * @param url - base address of its control endpoint; the secret in it is what lets somebody in
 * @param request - how it is asked; default `fetch`
 */
export function createFleetControl(url: string, request: Request = fetch): FleetControl {
  const ending = new AbortController();
  const now: { state: ControlState | null; running: Promise<void> } = { state: null, running: Promise.resolve() };
  const run = async ({ verb, ...body }: ControlRequest, what: string): Promise<void> => {
    const { signal } = ending;
    const response = await request(`${url}/${verb}`, { method: 'POST', body: JSON.stringify(body), signal });
    if (!response.ok || response.body === null) throw new Error(await refusalIn(response));
    for await (const { say, done } of linesOf(response.body)) {
      if (done !== undefined) {
        now.state = { what, isRunning: false, hasFailed: !done.ok, text: done.text };
        return;
      }
      now.state = { what, isRunning: true, hasFailed: false, text: say ?? '' };
    }
    throw new Error('The launcher stopped before it was done.');
  };
  return {
    get state() {
      return now.state;
    },
    begin(asked) {
      if (now.state?.isRunning === true) {
        throw new HttpProblem(409, 'busy', `Still under way: ${now.state.what}.`, 1_000);
      }
      const what = asked.verb === 'scale' ? `scale to ${asked.shards}` : `kill shard ${asked.shard}`;
      now.state = { what, isRunning: true, hasFailed: false, text: '' };
      now.running = run(asked, what).catch((error: unknown) => {
        now.state = { what, isRunning: false, hasFailed: true, text: wordsOf(error) };
      });
    },
    async close() {
      ending.abort();
      await now.running;
    },
  };
}

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body) {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield JSON.parse(line) as Line;
  }
}

async function refusalIn(response: Response): Promise<string> {
  const { error } = (await response.json().catch(() => ({}))) as { error?: string };
  return error ?? 'The launcher refused.';
}

/** `fetch` says of every failure to connect that it failed, and its address is nobody's business. */
function wordsOf(error: unknown): string {
  if (error instanceof TypeError) return 'The launcher does not answer.';
  return error instanceof Error ? error.message : String(error);
}
