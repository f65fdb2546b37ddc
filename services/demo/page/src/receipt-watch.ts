import type { MessageReceipt } from '../../src/words.ts';

/** Receipts are told by the connection in no time; only those that were missed are asked for. */
const PATIENCE_MS = 2_000;

/** What watching needs. */
export interface ReceiptWatchDeps {
  /** Asks the service, which answers when what is on its way has arrived, or after a while. */
  readonly ask: (person: string, wait: boolean) => Promise<readonly MessageReceipt[]>;
  /** Whether messages to somebody who could have them by now are without a receipt. */
  readonly isDue: (person: string) => boolean;
  readonly tell: (receipts: readonly MessageReceipt[]) => void;
  readonly wait: (ms: number) => Promise<void>;
}

/** Keeps asking what became of private messages, one question at a time for each person, as long as it can be known. */
export class ReceiptWatch {
  readonly #deps: ReceiptWatchDeps;
  readonly #asking = new Set<string>();

  constructor(deps: ReceiptWatchDeps) {
    this.#deps = deps;
  }

  /** Something was sent, or somebody came: asks until nothing is due. @param atOnce - without patience */
  check(person: string, atOnce = false): void {
    if (this.#asking.has(person)) return;
    this.#asking.add(person);
    void this.#ask(person, atOnce).finally(() => this.#asking.delete(person));
  }

  async #ask(person: string, atOnce: boolean): Promise<void> {
    const { ask, isDue, tell, wait } = this.#deps;
    if (!atOnce) await wait(PATIENCE_MS);
    while (isDue(person)) {
      // A question that failed is asked again.
      await ask(person, true).then(tell, () => undefined);
      if (isDue(person)) await wait(PATIENCE_MS);
    }
  }
}
