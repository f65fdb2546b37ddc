import type { FlotillaError } from '@flotilla-im/protocol';
import { formatPosition } from '@flotilla-im/protocol';
import {
  type Append,
  type Appended,
  type Durability,
  encodeEntry,
  type EncodedEntry,
  type EntryInput,
  type LogKey,
  type Store,
} from '@flotilla-im/store';
import type { CallOptions } from '../calls/call-options.ts';
import type { Calls } from '../calls/calls.ts';
import type { Deadline } from '../calls/deadline-watch.ts';
import { knownError } from '../calls/known-error.ts';
import type { MapCache } from '../fleet/map-cache.ts';
import type { ReceiptWatch } from '../receipts/receipt-watch.ts';
import { type CheckedContent, checkContent, checkReceivers } from './check-message.ts';
import { byOwner, type SendHooks } from './hooks.ts';
import { checkDurability, confirming } from './durability.ts';
import type { LogLanes } from './log-lanes.ts';
import type { Message } from './message.ts';
import { type AppendedTo, notifiesOf } from './notify-many.ts';
import type { Accepted, SendOutcome } from './outcome.ts';
import type { Sent } from './sent.ts';
import { SendError } from './send-error.ts';

/** What sending needs of its instance. */
export interface SenderParts {
  readonly store: Store;
  readonly calls: Calls;
  readonly lanes: LogLanes;
  readonly hooks: SendHooks;
  readonly maps: Pick<MapCache, 'current'>;
  readonly receipts: ReceiptWatch;
  readonly nextMessageId: () => string;
  readonly maxDataBytes: number;
  /** For messages that say nothing of their own. */
  readonly durability: Durability | null;
}

/** One message on its way: checked, serialised, encoded once for all receivers. */
interface Outgoing {
  readonly content: CheckedContent;
  readonly input: EntryInput;
  readonly entry: EncodedEntry;
  readonly deadline: Deadline;
  readonly durability: Durability | null;
  readonly receipt: boolean;
}

/** `send`: to clients' inboxes. */
export class Sender {
  readonly #parts: SenderParts;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** @throws {FlotillaError} see `Flotilla.send` */
  async send(message: Message, options?: CallOptions): Promise<Sent> {
    const deadline = this.#parts.calls.begin(options);
    const content = checkContent(message, 'message', this.#parts.maxDataBytes);
    const receivers = checkReceivers(message.to);
    const receipt = message.receipt === true;
    const durability = durabilityFor(content, this.#parts);
    if (!this.#parts.hooks.isEmpty) await this.#callHooks(message, content, receivers, receipt);
    const input = entryInput(this.#parts.nextMessageId(), content);
    const outgoing = { content, input, entry: encodeEntry(input), deadline, durability, receipt };
    const outcomes = await this.#sendAll(outgoing, receivers);
    const accepted = outcomes.filter((outcome): outcome is Accepted => outcome.outcome !== 'failed');
    if (accepted.length < outcomes.length) throw new SendError(input.messageId, outcomes);
    return this.#sent(input.messageId, accepted);
  }

  async #callHooks(
    message: Message,
    { from, isLive }: CheckedContent,
    receivers: readonly string[],
    receipt: boolean,
  ): Promise<void> {
    const groups = byOwner(this.#parts.maps.current, receivers);
    const common = { from, channel: null, data: message.data, live: isLive, receipt };
    await this.#parts.hooks.call([...groups].map(([shard, group]) => ({ ...common, shard, receivers: group })));
  }

  #sendAll(outgoing: Outgoing, receivers: readonly string[]): Promise<SendOutcome[]> {
    const { content, input } = outgoing;
    const each = (to: (clientId: string) => Promise<SendOutcome>): Promise<SendOutcome[]> =>
      Promise.all(
        receivers.map((clientId) =>
          clientId === content.from && !content.echo ? skipped(clientId, input.messageId) : to(clientId),
        ),
      );
    if (content.isLive) return each((clientId) => this.#sendLive(outgoing, clientId));
    if (receivers.length === 1) return each((clientId) => this.#append(outgoing, clientId, 'publish', null));
    return this.#appendMany(outgoing, each);
  }

  /** Appends first, then one notify a shard. A lost notify is found by the shard itself within a second, so it fails nothing. */
  async #appendMany(
    outgoing: Outgoing,
    each: (to: (clientId: string) => Promise<SendOutcome>) => Promise<SendOutcome[]>,
  ): Promise<SendOutcome[]> {
    const appends: AppendedTo[] = [];
    const outcomes = await each((clientId) => this.#append(outgoing, clientId, 'return', appends));
    const { store, calls } = this.#parts;
    for (const [shard, items] of notifiesOf(outgoing.input, appends)) {
      void calls.watch.settle(store.notify.publishMany(shard, items), outgoing.deadline).catch(ignoreLostNotify);
    }
    return outcomes;
  }

  async #append(
    { content, entry, deadline, durability, receipt }: Outgoing,
    clientId: string,
    notify: Append['notify'],
    appends: AppendedTo[] | null,
  ): Promise<SendOutcome> {
    const log: LogKey = { kind: 'inbox', id: clientId };
    try {
      const { store, lanes } = this.#parts;
      const append = (isRetry: boolean): Promise<Appended> =>
        store.logs.append(appendOf(log, entry, notify, content.key, receipt, isRetry));
      const appended = await lanes.run(log, deadline, append, confirming(store.logs, log, durability));
      appends?.push({ clientId, appended });
      return acceptedOf(clientId, appended);
    } catch (error) {
      return { clientId, outcome: 'failed', error: knownError(error) };
    }
  }

  async #sendLive({ input, entry, deadline }: Outgoing, clientId: string): Promise<SendOutcome> {
    try {
      const publishing = this.#parts.store.logs.publishLive({ kind: 'inbox', id: clientId }, entry);
      const online = await this.#parts.calls.watch.settle(publishing, deadline);
      return { clientId, outcome: 'live', messageId: input.messageId, position: null, online, at: null };
    } catch (error) {
      return { clientId, outcome: 'failed', error: knownError(error) };
    }
  }

  #sent(messageId: string, outcomes: readonly Accepted[]): Sent {
    const durable = outcomes.filter((outcome) => outcome.position !== null);
    return {
      messageId: durable[0]?.messageId ?? messageId,
      outcomes,
      receipts: (options) =>
        this.#parts.receipts.watch(
          durable.map(({ clientId, messageId: id, position }) => ({
            clientId,
            messageId: id,
            position: position ?? '',
          })),
          options,
        ),
    };
  }
}

/** A message as the store keeps it. */
export function entryInput(messageId: string, content: CheckedContent, excludeSender = false): EntryInput {
  return { messageId, from: content.from, format: content.format, data: content.data, excludeSender };
}

/** What a message asks for, else what its instance does. @throws {FlotillaError} bad_options when the store cannot do it */
export function durabilityFor(
  { durability }: CheckedContent,
  parts: Pick<SenderParts, 'store' | 'durability'>,
): Durability | null {
  if (durability === undefined) return parts.durability;
  checkDurability(parts.store.logs, durability);
  return durability;
}

/** One append, without members that are not meant. */
export function appendOf(
  log: LogKey,
  entry: EncodedEntry,
  notify: Append['notify'],
  key: string | undefined,
  receipt: boolean,
  isRetry: boolean,
): Append {
  return {
    log,
    entry,
    notify,
    ...(key === undefined ? {} : { key }),
    ...(receipt ? { receipt } : {}),
    ...(isRetry ? { isRetry } : {}),
  };
}

function acceptedOf(clientId: string, { outcome, messageId, position, online, at }: Appended): Accepted {
  return { clientId, outcome, messageId, position: formatPosition(position), online, at };
}

function skipped(clientId: string, messageId: string): Promise<Accepted> {
  return Promise.resolve({ clientId, outcome: 'skipped', messageId, position: null, online: true, at: null });
}

function ignoreLostNotify(_error: FlotillaError): void {
  // Durable already; the shards compare their tail numbers twice a second.
}
