import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { ObserverOptions } from '../observer/options.ts';
import type { Verdict } from '../observer/verdict.ts';

const OBSERVER = fileURLToPath(new URL('../observer/main.ts', import.meta.url));

/**
 * Has the observer judge the journals, in a process of its own that knows nothing else.
 *
 * @param options - where they are others than the system has by default
 * @throws Error when it could not judge
 */
export async function judge(
  journals: string,
  verdictFile: string,
  signal: AbortSignal,
  options: Partial<ObserverOptions> = {},
): Promise<Verdict> {
  const args = ['--conditions=flotilla-source', OBSERVER, journals, verdictFile, '--options', JSON.stringify(options)];
  const observer = spawn(process.execPath, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
  });
  let said = '';
  for (const stream of [observer.stdout, observer.stderr])
    stream.on('data', (text: Buffer) => (said += text.toString()));
  await once(observer, 'close');
  try {
    return JSON.parse(await readFile(verdictFile, 'utf8')) as Verdict;
  } catch (error) {
    throw new Error(`the observer gave no verdict: ${said.trim()}`, { cause: error });
  }
}
