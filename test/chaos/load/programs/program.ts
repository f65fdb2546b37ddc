import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import type { Answer, Commands, Order } from './serve.ts';

/** How long a program may take to end once it was let go. */
const ENDING_MS = 5_000;
const LAST_MS = 1_000;
/**
 * Young garbage is collected a little at a time, by the thread that runs the program, and old garbage only once there is a
 * GiB of it, which a soak reaches: what a long collection holds up here would be told as the system's delay, and helpers
 * would take cores from it.
 */
const COLLECTING = [
  '--max-semi-space-size=4',
  '--no-parallel-scavenge',
  '--v8-pool-size=1',
  '--initial-old-space-size=1024',
];

interface Waiting {
  readonly resolve: (result: never) => void;
  readonly reject: (error: Error) => void;
}

/** A process of the load, and what it can be told. */
export class Program<Served extends Commands> {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, Waiting>();
  #orders = 0;
  #isKilled = false;

  /** Starts it. @param script a file that calls `serveCommands` */
  constructor(name: string, script: URL) {
    this.name = name;
    this.#child = fork(script, [name], {
      execArgv: ['--conditions=flotilla-source', ...COLLECTING],
      stdio: 'inherit',
      // A session of its own, as the shards have: Linux may deal its processors out by session, and one that all programs
      // of the load share would get the part of one shard.
      detached: true,
    });
    this.#child.on('message', (answer: Answer) => this.#answered(answer));
    this.#child.once('exit', (code, signal) => this.#gone(`ended with ${code ?? signal ?? 'nothing'}`));
    this.#child.once('error', (error) => this.#gone(error.message));
  }

  /** @throws Error when the command fails, or the program ends before it has answered */
  tell<Name extends keyof Served & string>(
    name: Name,
    ...[argument]: Parameters<Served[Name]>
  ): Promise<Awaited<ReturnType<Served[Name]>>> {
    this.#orders += 1;
    const order: Order = { id: this.#orders, name, argument };
    return new Promise((resolve, reject) => {
      this.#waiting.set(order.id, { resolve: resolve, reject });
      if (!this.isRunning) this.#gone('is not running');
      else this.#child.send(order, (error) => error && this.#gone(error.message));
    });
  }

  /** `kill` was called. */
  get isKilled(): boolean {
    return this.#isKilled;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null && this.#child.connected;
  }

  signal(signal: NodeJS.Signals): void {
    if (this.isRunning) this.#child.kill(signal);
  }

  /** kill -9; resolves when it is gone. @param last what may end it first, within a second */
  async kill(last: () => Promise<unknown>): Promise<void> {
    this.#isKilled = true;
    await Promise.race([last().catch(() => undefined), wait(LAST_MS)]);
    this.signal('SIGKILL');
    await this.end();
  }

  /** Lets it go: it ends by itself, or else by force. Resolves when it is gone. */
  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = once(this.#child, 'exit');
    const force = setTimeout(() => this.#child.kill('SIGKILL'), ENDING_MS);
    if (this.#child.connected) this.#child.disconnect();
    await ended;
    clearTimeout(force);
  }

  #answered({ id, result, error }: Answer): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === undefined) waiting?.resolve(result as never);
    else waiting?.reject(new Error(`${this.name}: ${error}`));
  }

  #gone(why: string): void {
    const waiting = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const { reject } of waiting) reject(new Error(`${this.name} ${why}`));
  }
}
