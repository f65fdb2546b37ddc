import { type ChildProcess, spawn } from 'node:child_process';
import { Agent, type IncomingMessage, request } from 'node:http';
import { createInterface } from 'node:readline';
import { BELOW_THE_CLUSTER } from './run.ts';

const START_TIMEOUT_MS = 20_000;
const ANSWER_TIMEOUT_MS = 60_000;

/**
 * `kubectl proxy`: the API server over one connection that stays open. What asks several times a second would otherwise
 * start as many programs, and on a small machine these take the time of what is watched.
 */
export class ApiProxy {
  readonly #child: ChildProcess;
  readonly #port: number;
  readonly #agent = new Agent({ keepAlive: true });

  private constructor(child: ChildProcess, port: number) {
    this.#child = child;
    this.#port = port;
  }

  /** @throws Error when it does not come up */
  static async start(kubectl: string): Promise<ApiProxy> {
    const args = [...BELOW_THE_CLUSTER, kubectl, 'proxy', '--port=0'];
    const child = spawn('nice', args, { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      return new ApiProxy(child, await portOf(child));
    } catch (error) {
      child.kill();
      throw error;
    }
  }

  /** What the API server answers. @throws Error with that when it is no success */
  async call(method: 'GET' | 'POST', path: string): Promise<string> {
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
    const response = await this.#ask(method, path, signal);
    const texts: string[] = [];
    for await (const text of response.setEncoding('utf8')) texts.push(text as string);
    const status = response.statusCode ?? 0;
    if (status < 200 || status > 299) throw new Error(`${method} ${path}: ${status} ${texts.join('')}`);
    return texts.join('');
  }

  /** Every line of an answer that goes on until it is aborted or broken off. */
  async lines(path: string, signal: AbortSignal, onLine: (line: string) => void): Promise<void> {
    const response = await this.#ask('GET', path, signal);
    for await (const line of createInterface({ input: response })) onLine(line);
  }

  close(): void {
    this.#agent.destroy();
    this.#child.kill();
  }

  #ask(method: string, path: string, signal: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: this.#port, method, path, agent: this.#agent, signal };
      request(options, resolve).on('error', reject).end();
    });
  }
}

function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`kubectl proxy ${why}`));
    const timer = setTimeout(() => fail('did not come up'), START_TIMEOUT_MS);
    child.on('error', reject);
    child.on('exit', (code) => fail(`ended: ${code}`));
    if (child.stdout === null) {
      fail('says nothing');
      return;
    }
    createInterface({ input: child.stdout }).on('line', (line) => {
      const port = /127\.0\.0\.1:(\d+)/.exec(line)?.[1];
      if (port === undefined) return;
      clearTimeout(timer);
      resolve(Number(port));
    });
  });
}
