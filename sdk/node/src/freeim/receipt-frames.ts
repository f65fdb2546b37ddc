import type { Flotilla } from '../flotilla.ts';
import type { Receipt } from '../receipts/receipt.ts';
import type { Accepted } from '../send/outcome.ts';
import type { Sent } from '../send/sent.ts';
import type { ImOptions } from './im-client.ts';

const FREEIM_TEXTS = { sent: '发送成功', offline: '用户不在线' };
const DEFAULT_TIMEOUT_MS = 10_000;

/** Receipts as FreeIM's users know them: messages from the receiver to the sender. */
export class ReceiptFrames {
  readonly #flotilla: Flotilla;
  readonly #options: ImOptions;
  readonly #sending = new Set<Promise<void>>();

  constructor(flotilla: Flotilla, options: ImOptions) {
    this.#flotilla = flotilla;
    this.#options = options;
  }

  /** Sends the receipts of one message as they become known. Returns at once; failures go to `onError`. */
  follow(sender: string, message: unknown, sent: Sent): void {
    const work = this.#follow(sender, JSON.stringify(message), sent).catch((error: unknown) =>
      this.#options.onError?.(error),
    );
    this.#sending.add(work);
    void work.finally(() => this.#sending.delete(work));
  }

  /** Waits for those being sent. */
  async settled(): Promise<void> {
    await Promise.all(this.#sending);
  }

  async #follow(sender: string, content: string, sent: Sent): Promise<void> {
    const open = new Map(
      sent.outcomes.filter(({ clientId }) => clientId !== sender).map((each) => [each.clientId, each]),
    );
    const { receiptTimeoutMs: timeoutMs = DEFAULT_TIMEOUT_MS } = this.#options;
    // A live message has no position to be confirmed: whether anybody was connected is all there is to tell.
    for (const outcome of open.values()) {
      if (outcome.position !== null) continue;
      open.delete(outcome.clientId);
      await this.#send(sender, content, outcome, outcome.online ? 'delivered' : 'offline');
    }
    for await (const { clientId, state } of sent.receipts({ timeoutMs })) {
      const outcome = open.get(clientId);
      if (outcome === undefined) continue;
      open.delete(clientId);
      await this.#send(sender, content, outcome, state);
    }
    for (const outcome of open.values()) await this.#send(sender, content, outcome, 'offline');
  }

  async #send(to: string, content: string, outcome: Accepted, state: Receipt['state']): Promise<void> {
    const texts = this.#options.receiptTexts ?? FREEIM_TEXTS;
    const frame = { content, receipt: state === 'delivered' ? texts.sent : texts.offline };
    const { clientId, messageId } = outcome;
    const data = this.#options.typedReceipts === true ? { ...frame, clientId, messageId, state } : frame;
    await this.#flotilla.send({ from: clientId, to, data });
  }
}
