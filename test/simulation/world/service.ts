import type { Flotilla } from '@flotilla-im/sdk';
import type { Ledger } from '../checks/ledger.ts';
import type { Loop } from '../platform/loop.ts';
import { SimulatedProcess } from '../platform/process.ts';
import { openBusiness } from './business-process.ts';

/** A business service: it sends, one message after the other to each log, and gives out addresses. */
export class Service {
  readonly name: string;
  process: SimulatedProcess;
  #flotilla: Flotilla | null = null;
  readonly #loop: Loop;
  readonly #seed: number;
  readonly #ledger: Ledger;
  #lives = 0;
  /** The last send to each log, which the next one waits for. */
  #last = new Map<string, Promise<void>>();

  constructor(loop: Loop, seed: number, name: string, ledger: Ledger) {
    this.#loop = loop;
    this.#seed = seed;
    this.name = name;
    this.#ledger = ledger;
    this.process = this.#begin();
  }

  get flotilla(): Flotilla | null {
    return this.#flotilla;
  }

  /** Its process dies, and comes back. Whether what it was sending was accepted, nobody knows. */
  kill(downMs: number): void {
    this.process.kill();
    this.#flotilla = null;
    this.#last = new Map();
    const { process } = this;
    const environment = new SimulatedProcess(this.#loop, `${this.name} restart`, this.#seed);
    this.#loop.after(downMs, environment, () => {
      if (this.process === process) this.process = this.#begin();
    });
  }

  send(clientId: string): void {
    this.#post(`inbox ${clientId}`, (flotilla, data) => flotilla.send({ from: null, to: clientId, data }));
  }

  publish(channel: string): void {
    this.#post(`channel ${channel}`, (flotilla, data) => flotilla.channels.publish(channel, { from: null, data }));
  }

  /** Runs something in its process; nothing happens while that is dead. */
  run(task: (flotilla: Flotilla) => Promise<unknown>): void {
    this.#loop.after(0, this.process, () => {
      if (this.#flotilla !== null) void task(this.#flotilla).catch(() => undefined);
    });
  }

  /** The same, once what it was given before about this log is done. */
  inOrder(log: string, task: (flotilla: Flotilla) => Promise<void>): void {
    this.run((flotilla) => {
      const now = (this.#last.get(log) ?? Promise.resolve()).then(() => task(flotilla));
      this.#last.set(log, now);
      return now;
    });
  }

  #begin(): SimulatedProcess {
    this.#lives += 1;
    const process = new SimulatedProcess(this.#loop, `${this.name}.${this.#lives}`, this.#seed);
    this.#loop.after(0, process, () => {
      void openBusiness().then((flotilla) => {
        if (this.process === process) this.#flotilla = flotilla;
      });
    });
    return process;
  }

  #post(log: string, post: (flotilla: Flotilla, data: number) => Promise<unknown>): void {
    this.inOrder(log, async (flotilla) => {
      const intent = this.#ledger.intend(this.process.name, log);
      try {
        await post(flotilla, intent.number);
        this.#ledger.settle(intent, 'accepted');
      } catch {
        this.#ledger.settle(intent, 'failed');
      }
    });
  }
}
