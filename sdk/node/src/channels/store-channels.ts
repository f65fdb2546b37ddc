import { FlotillaError, formatPosition, parseChannelName, parseClientId } from '@flotilla-im/protocol';
import type { Store } from '@flotilla-im/store';
import type { CallOptions } from '../calls/call-options.ts';
import type { Calls } from '../calls/calls.ts';
import type { Listing } from '../calls/listing.ts';
import { createListing } from '../calls/paged.ts';
import { CALL_ENTRIES, parseOptions } from '../calls/parse-options.ts';
import { isKey, KEY_BYTES } from '../send/check-message.ts';
import type { MessageContent } from '../send/message.ts';
import type { Published } from '../send/outcome.ts';
import type { Publisher } from '../send/publisher.ts';
import type { Channels, ChannelSummary, Joined, Left, MembershipOptions } from './channels.ts';
import { forPairs, pairsOf } from './pairs.ts';

/** Channels over the store. */
export class StoreChannels implements Channels {
  readonly #store: Pick<Store, 'channels' | 'presence'>;
  readonly #calls: Calls;
  readonly #publisher: Publisher;

  constructor(store: Pick<Store, 'channels' | 'presence'>, calls: Calls, publisher: Publisher) {
    this.#store = store;
    this.#calls = calls;
    this.#publisher = publisher;
  }

  async join(
    channels: string | readonly string[],
    clientIds: string | readonly string[],
    options?: MembershipOptions,
  ): Promise<Joined[]> {
    const pairs = pairsOf(channels, clientIds);
    const request = requestsOf(options);
    return forPairs(this.#calls, this.#calls.begin(options), pairs, async ({ channel, clientId }) => {
      const { joined, position } = await this.#store.channels.join(channel, clientId, request(channel));
      return { channel, clientId, joined, position: formatPosition(position) };
    });
  }

  async leave(
    channels: string | readonly string[],
    clientIds: string | readonly string[],
    options?: MembershipOptions,
  ): Promise<Left[]> {
    const pairs = pairsOf(channels, clientIds);
    const request = requestsOf(options);
    return forPairs(this.#calls, this.#calls.begin(options), pairs, async ({ channel, clientId }) => {
      return { channel, clientId, left: await this.#store.channels.leave(channel, clientId, request(channel)) };
    });
  }

  async publish(channel: string, message: MessageContent, options?: CallOptions): Promise<Published> {
    return this.#publisher.publish(parseChannelName(channel), message, options);
  }

  members(channel: string, options?: CallOptions): Listing<string> {
    const call = parseOptions(CALL_ENTRIES, options, 'channels.members');
    const name = parseChannelName(channel);
    return createListing(
      async (cursor) => {
        const { clientIds, next } = await this.#calls.run(call, () => this.#store.channels.members(name, cursor));
        return { items: clientIds, next };
      },
      (clientId) => clientId,
    );
  }

  async isMember(channel: string, clientId: string, options?: CallOptions): Promise<boolean> {
    const name = parseChannelName(channel);
    const id = parseClientId(clientId);
    return this.#calls.run(options, () => this.#store.channels.isMember(name, id));
  }

  async count(channel: string, options?: CallOptions): Promise<number> {
    const name = parseChannelName(channel);
    return this.#calls.run(options, () => this.#store.channels.count(name));
  }

  async online(channel: string, options?: CallOptions): Promise<number> {
    let online = 0;
    for await (const { isOnline } of this.#membersWithPresence(channel, options)) if (isOnline) online += 1;
    return online;
  }

  list(options?: CallOptions): Listing<ChannelSummary> {
    const call = parseOptions(CALL_ENTRIES, options, 'channels.list');
    return createListing(
      async (cursor) => {
        const { channels, next } = await this.#calls.run(call, () => this.#store.channels.list(cursor));
        return { items: channels, next };
      },
      ({ channel }) => channel,
    );
  }

  async ofClient(clientId: string, options?: CallOptions): Promise<string[]> {
    const id = parseClientId(clientId);
    return this.#calls.run(options, () => this.#store.channels.ofClient(id));
  }

  async clear(channel: string, options?: CallOptions): Promise<number> {
    let removed = 0;
    for await (const { clientId, isOnline } of this.#membersWithPresence(channel, options)) {
      if (isOnline) continue;
      const [result] = await this.leave(channel, clientId, options);
      if (result?.left === true) removed += 1;
    }
    return removed;
  }

  /** Each member once, by pages: with whether it is online at that moment. */
  async *#membersWithPresence(
    channel: string,
    options: CallOptions | undefined,
  ): AsyncGenerator<{ clientId: string; isOnline: boolean }, void, undefined> {
    const members = this.members(channel, options);
    const seen = new Set<string>();
    let cursor: string | null = null;
    do {
      const { items, next } = await members.page(cursor);
      const fresh = items.filter((clientId) => !seen.has(clientId));
      for (const clientId of fresh) seen.add(clientId);
      const online = await this.#calls.run(options, () => this.#store.presence.isOnline(fresh));
      for (const [i, clientId] of fresh.entries()) yield { clientId, isOnline: online[i] === true };
      cursor = next;
    } while (cursor !== null);
  }
}

/** The id of what a call asks for in one channel; none without a key. @throws {FlotillaError} bad_options */
function requestsOf(options: MembershipOptions | undefined): (channel: string) => string | undefined {
  const key = options?.key;
  if (key !== undefined && !isKey(key)) {
    throw new FlotillaError('bad_options', `key must be a string of 1 to ${KEY_BYTES} bytes`);
  }
  return (channel) => (key === undefined ? undefined : `${channel.length}:${channel}${key}`);
}
