import { parseClientId } from '@flotilla-im/protocol';
import type { ClientEvent, Store } from '@flotilla-im/store';
import * as v from 'valibot';
import type { CallOptions } from '../calls/call-options.ts';
import type { Calls } from '../calls/calls.ts';
import type { Listing } from '../calls/listing.ts';
import { createListing } from '../calls/paged.ts';
import { CALL_ENTRIES, parseOptions } from '../calls/parse-options.ts';
import type { DeadLetter, Listening } from '../events/consume-options.ts';
import { CONSUME_ENTRIES, EventFeed, type FeedParts } from '../events/event-feed.ts';
import type { ClientConnection, Presence, PresenceEvent, PresenceEventsOptions } from './presence.ts';

const EVENTS_OPTIONS = {
  ...CONSUME_ENTRIES,
  perConnection: v.optional(v.boolean('must be true or false')),
  gaps: v.optional(v.boolean('must be true or false')),
  losses: v.optional(v.boolean('must be true or false')),
};

/** Ids asked for in one round trip. */
const ONLINE_PAGE = 1_000;

/** Presence over the store. */
export class ClientPresence implements Presence {
  readonly #store: Pick<Store, 'presence'>;
  readonly #calls: Calls;
  readonly #feed: EventFeed<PresenceEvent>;

  constructor(store: Pick<Store, 'presence'>, calls: Calls, feeds: FeedParts) {
    this.#store = store;
    this.#calls = calls;
    this.#feed = new EventFeed(feeds, 'presence');
  }

  async online(clientIds: readonly string[], options?: CallOptions): Promise<boolean[]> {
    clientIds.forEach((clientId, index) => parseClientId(clientId, index));
    const answers: boolean[] = [];
    for (let i = 0; i < clientIds.length; i += ONLINE_PAGE) {
      const page = clientIds.slice(i, i + ONLINE_PAGE);
      answers.push(...(await this.#calls.run(options, () => this.#store.presence.isOnline(page))));
    }
    return answers;
  }

  list(options?: CallOptions): Listing<string> {
    const call = parseOptions(CALL_ENTRIES, options, 'list');
    return createListing(
      async (cursor) => {
        const { clientIds, next } = await this.#calls.run(call, () => this.#store.presence.list(cursor));
        return { items: clientIds, next };
      },
      (clientId) => clientId,
    );
  }

  async connections(clientId: string, options?: CallOptions): Promise<ClientConnection[]> {
    parseClientId(clientId);
    const entries = await this.#calls.run(options, () => this.#store.presence.connections(clientId));
    return entries.map(({ connection, shard, device, since }) => ({ connection, shard, device, since }));
  }

  events(options?: PresenceEventsOptions): AsyncIterable<PresenceEvent> {
    const parsed = parseOptions(EVENTS_OPTIONS, options, 'presence.events');
    return this.#feed.events(presenceEvents(parsed), parsed);
  }

  on(handler: (event: PresenceEvent) => void | Promise<void>, options?: PresenceEventsOptions): Listening {
    const parsed = parseOptions(EVENTS_OPTIONS, options, 'presence.on');
    return this.#feed.on(presenceEvents(parsed), handler, parsed);
  }

  deadLetters(
    group: string,
    options?: CallOptions & { readonly limit?: number | undefined },
  ): Promise<DeadLetter<PresenceEvent>[]> {
    return this.#feed.deadLetters(presenceEvents({ perConnection: true, gaps: true, losses: true }), group, options);
  }

  forget(group: string, options?: CallOptions): Promise<void> {
    return this.#feed.forget(group, options);
  }
}

function presenceEvents(wanted: Pick<PresenceEventsOptions, 'perConnection' | 'gaps' | 'losses'>) {
  return (event: ClientEvent, attempt: number): PresenceEvent | null => {
    if (event.type === 'gap') {
      const { type, clientId, channel, reason = null, at } = event;
      return wanted.gaps === true ? { type, clientId, channel, reason, at, attempt } : null;
    }
    if (event.type === 'lost') return wanted.losses === true ? { ...event, attempt } : null;
    if (event.type === 'receipt' || event.type === 'frame') return null;
    const isWanted = event.type === 'online' || event.type === 'offline' || wanted.perConnection === true;
    const { type, clientId, connection, shard, device, at, reason, metadata } = event;
    return isWanted ? { type, clientId, connection, shard, device, at, reason, metadata, attempt } : null;
  };
}
