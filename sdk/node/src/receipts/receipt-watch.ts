import { FlotillaError, parseClientId, parsePosition, type Position } from '@flotilla-im/protocol';
import type { Store } from '@flotilla-im/store';
import * as v from 'valibot';
import { isPassing } from '../calls/backoff.ts';
import type { CallOptions } from '../calls/call-options.ts';
import type { Calls } from '../calls/calls.ts';
import { knownError } from '../calls/known-error.ts';
import { parseOptions } from '../calls/parse-options.ts';
import { Wakeup } from '../calls/wakeup.ts';
import type { Receipt, ReceiptRequest, ReceiptsOptions } from './receipt.ts';
import type { ReceiptHints } from './receipt-hints.ts';

/** How often states are asked for without a hint. */
const POLL_MS = 1_000;
const DEFAULT_TIMEOUT_MS = 10_000;

const OPTIONS = {
  timeoutMs: v.optional(v.pipe(v.number('must be a number'), v.minValue(0, 'must not be negative'))),
  signal: v.optional(v.instance(AbortSignal, 'must be an AbortSignal')),
  untilDelivered: v.optional(v.boolean('must be true or false')),
};

type State = Receipt['state'] | 'waiting';

/** One message that is waited for. */
interface Awaited {
  readonly request: ReceiptRequest;
  readonly position: Position;
  /** The state known last. */
  state: State;
  /** Whether the store was asked to send a hint. */
  isWatched: boolean;
}

/** Waits for deliveries: woken by the store's hints, made certain by asking every second. */
export class ReceiptWatch {
  readonly #store: Pick<Store, 'presence'>;
  readonly #calls: Calls;
  readonly #hints: ReceiptHints;

  constructor(store: Pick<Store, 'presence'>, calls: Calls, hints: ReceiptHints) {
    this.#store = store;
    this.#calls = calls;
    this.#hints = hints;
  }

  /** See `Receipts.state`. */
  async state(request: ReceiptRequest, options?: CallOptions): Promise<State> {
    const { position } = awaited(request);
    return this.#calls.run(options, () => this.#store.presence.receiptState(request.clientId, position));
  }

  /** See `Sent.receipts`. @throws {FlotillaError} bad_options, bad_client_id, bad_position */
  watch(requests: readonly ReceiptRequest[], options?: ReceiptsOptions): AsyncIterable<Receipt> {
    const parsed = parseOptions(OPTIONS, options, 'receipts');
    for (const request of requests) awaited(request);
    return { [Symbol.asyncIterator]: () => this.#follow(requests.map(awaited), parsed) };
  }

  async *#follow(requests: readonly Awaited[], options: ReceiptsOptions): AsyncGenerator<Receipt, void, undefined> {
    const { timeoutMs = DEFAULT_TIMEOUT_MS, signal, untilDelivered = false } = options;
    const call = this.#calls.begin({ signal, deadlineMs: Math.max(1, timeoutMs) });
    const pending = new Set(requests);
    const woken = new Set<string>();
    const wakeup = new Wakeup(this.#calls.timing);
    const unlisten = await this.#hints.listen(
      requests.map(({ request }) => request.clientId),
      (clientId) => {
        woken.add(clientId);
        wakeup.wake();
      },
    );
    try {
      while (pending.size > 0) {
        const due = woken.size === 0 ? [...pending] : [...pending].filter((each) => woken.has(each.request.clientId));
        woken.clear();
        const changed = await this.#ask(due);
        for (const each of changed) {
          if (each.state === 'waiting') continue;
          if (each.state !== 'offline' || !untilDelivered) pending.delete(each);
          yield receiptOf(each.request, each.state);
        }
        const leftMs = call.untilMs - this.#calls.timing.nowMs();
        if (pending.size === 0 || leftMs <= 0) return;
        await wakeup.pause(Math.min(POLL_MS, leftMs), signal, this.#calls.closing);
        this.#calls.checkOpen(signal);
      }
    } finally {
      unlisten();
    }
  }

  /** Asks for the states of some; gives those that changed. */
  async #ask(due: readonly Awaited[]): Promise<Awaited[]> {
    const states = await Promise.all(due.map((each) => this.#stateOf(each)));
    return due.filter((each, i) => {
      const state = states[i] ?? each.state;
      const isChanged = state !== each.state;
      each.state = state;
      return isChanged;
    });
  }

  /** A store that fails for a while is asked again by the next poll. */
  async #stateOf(each: Awaited): Promise<State> {
    const { presence } = this.#store;
    const { clientId } = each.request;
    try {
      if (each.isWatched) return await presence.receiptState(clientId, each.position);
      const state = await presence.watchReceipt(clientId, each.position, this.#hints.instance);
      each.isWatched = true;
      return state;
    } catch (error) {
      const failure = knownError(error);
      if (isPassing(failure)) return each.state;
      throw failure;
    }
  }
}

function awaited(request: ReceiptRequest): Awaited {
  parseClientId(request.clientId);
  const position = parsePosition(request.position);
  if (position === null) throw new FlotillaError('bad_position', 'a position looks like 9f2c41d07a3e.57');
  return { request, position, state: 'waiting', isWatched: false };
}

function receiptOf({ clientId, messageId, position }: ReceiptRequest, state: Receipt['state']): Receipt {
  return { clientId, messageId, position, state };
}
