import { formatPosition } from '@flotilla-im/protocol';
import { type Appended, encodeEntry, type LogKey } from '@flotilla-im/store';
import type { CallOptions } from '../calls/call-options.ts';
import { knownError } from '../calls/known-error.ts';
import { checkContent } from './check-message.ts';
import type { MessageContent } from './message.ts';
import type { Published } from './outcome.ts';
import { confirming } from './durability.ts';
import { appendOf, durabilityFor, entryInput, type SenderParts } from './sender.ts';

/** `publish` and `broadcast`: to a channel's log. */
export class Publisher {
  readonly #parts: SenderParts;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** `channel` is checked by the caller. @throws {FlotillaError} see `Channels.publish` */
  async publish(channel: string, message: MessageContent, options?: CallOptions): Promise<Published> {
    const { store, calls, lanes, hooks, maxDataBytes, nextMessageId } = this.#parts;
    const deadline = calls.begin(options);
    const content = checkContent(message, 'content', maxDataBytes);
    const { from, isLive } = content;
    const durability = durabilityFor(content, this.#parts);
    if (!hooks.isEmpty) {
      const common = { from, channel, data: message.data, live: isLive };
      await hooks.call([{ ...common, receivers: [], shard: null, receipt: false }]);
    }
    const input = entryInput(nextMessageId(), content, !content.echo && from !== null);
    const entry = encodeEntry(input);
    const log: LogKey = { kind: 'channel', id: channel };
    try {
      if (isLive) {
        const online = await calls.watch.settle(store.logs.publishLive(log, entry), deadline);
        return { channel, outcome: 'live', messageId: input.messageId, position: null, online, at: null };
      }
      const append = (isRetry: boolean): Promise<Appended> =>
        store.logs.append(appendOf(log, entry, 'publish', content.key, false, isRetry));
      const confirm = confirming(store.logs, log, durability);
      const { outcome, messageId, position, online, at } = await lanes.run(log, deadline, append, confirm);
      return { channel, outcome, messageId, position: formatPosition(position), online, at };
    } catch (error) {
      throw knownError(error);
    }
  }
}
