import { randomBytes } from 'node:crypto';
import { BROADCAST_CHANNEL, type Grants } from '@flotilla-im/protocol';
import type { Store } from '@flotilla-im/store';
import type { CallOptions } from './calls/call-options.ts';
import { Calls } from './calls/calls.ts';
import type { Timing } from './calls/timing.ts';
import { StoreChannels } from './channels/store-channels.ts';
import type { CompiledOptions } from './compiled-options.ts';
import type { ConnectInfo, ConnectOptions, DisconnectOptions } from './connect/connect-info.ts';
import { Connector } from './connect/connector.ts';
import type { FeedParts } from './events/event-feed.ts';
import { FleetObserver } from './fleet/fleet-observer.ts';
import { MapCache } from './fleet/map-cache.ts';
import type { Flotilla } from './flotilla.ts';
import { LogHistory } from './history/log-history.ts';
import { ClientPresence } from './presence/client-presence.ts';
import { ClientReceipts } from './receipts/client-receipts.ts';
import { ReceiptHints } from './receipts/receipt-hints.ts';
import { ReceiptWatch } from './receipts/receipt-watch.ts';
import { SendHooks } from './send/hooks.ts';
import { LogLanes } from './send/log-lanes.ts';
import { createMessageIds } from './send/message-ids.ts';
import type { Message, MessageContent } from './send/message.ts';
import type { SendHook } from './send/on-send.ts';
import type { Published } from './send/outcome.ts';
import { Publisher } from './send/publisher.ts';
import { Sender } from './send/sender.ts';
import type { Sent } from './send/sent.ts';
import type { TokenKeys } from './tokens/token-keys.ts';
import { ClientUpstream } from './upstream/client-upstream.ts';

/** How long calls under way may go on when the instance closes. */
const CLOSE_GRACE_MS = 2_000;

/** What an instance is made of. */
export interface FlotillaParts {
  readonly store: Store;
  /** Whether `close` closes the store. */
  readonly ownsStore: boolean;
  readonly keys: TokenKeys | null;
  readonly timing: Timing;
}

/** The facade: puts the parts together and takes them apart. */
export class ConnectedFlotilla implements Flotilla {
  readonly cluster: string;
  readonly warnings: readonly string[];
  readonly channels: StoreChannels;
  readonly presence: ClientPresence;
  readonly receipts: ClientReceipts;
  readonly upstream: ClientUpstream;
  readonly history: LogHistory;
  readonly fleet: FleetObserver;
  readonly #parts: FlotillaParts;
  readonly #calls: Calls;
  readonly #maps: MapCache;
  readonly #hints: ReceiptHints;
  readonly #hooks = new SendHooks();
  readonly #connector: Connector;
  readonly #sender: Sender;
  readonly #publisher: Publisher;
  readonly #feeds: FeedParts;
  #closing: Promise<void> | null = null;

  constructor(parts: FlotillaParts, options: CompiledOptions) {
    const { store } = parts;
    const calls = new Calls(parts.timing, options.deadlineMs);
    const instance = randomBytes(9).toString('base64url');
    const maps = new MapCache(store);
    const hints = new ReceiptHints(store, instance);
    const receipts = new ReceiptWatch(store, calls, hints);
    const { maxDataBytes, durability, tokenTtlMs, cluster } = options;
    const sending = { store, calls, lanes: new LogLanes(calls), hooks: this.#hooks, maps, receipts };
    const senderParts = { ...sending, nextMessageId: createMessageIds(), maxDataBytes, durability };
    this.#parts = parts;
    this.#calls = calls;
    this.#maps = maps;
    this.#hints = hints;
    this.#sender = new Sender(senderParts);
    this.#publisher = new Publisher(senderParts);
    this.#connector = new Connector({ store, calls, maps, keys: parts.keys, cluster, tokenTtlMs });
    this.#feeds = { store, calls, nextConsumerName: createConsumerNames(instance), listening: new Set() };
    this.cluster = cluster;
    this.warnings = store.warnings;
    this.channels = new StoreChannels(store, calls, this.#publisher);
    this.presence = new ClientPresence(store, calls, this.#feeds);
    this.receipts = new ClientReceipts(receipts, this.#feeds);
    this.upstream = new ClientUpstream(this.#feeds);
    this.history = new LogHistory(store, calls);
    this.fleet = new FleetObserver(store, calls, maps);
    if (options.onSend !== null) this.#hooks.add(options.onSend);
  }

  /** Reads the map once, so that the first `connectInfo` need not. */
  start(): Promise<void> {
    return this.#maps.start();
  }

  connectInfo(clientId: string, options?: ConnectOptions): Promise<ConnectInfo> {
    return this.#connector.connectInfo(clientId, options);
  }

  send(message: Message, options?: CallOptions): Promise<Sent> {
    return this.#sender.send(message, options);
  }

  broadcast(message: MessageContent, options?: CallOptions): Promise<Published> {
    return this.#publisher.publish(BROADCAST_CHANNEL, message, options);
  }

  disconnect(clientId: string, options?: DisconnectOptions): Promise<number> {
    return this.#connector.disconnect(clientId, options);
  }

  setGrants(clientId: string, grants: Grants | null, options?: CallOptions): Promise<void> {
    return this.#connector.setGrants(clientId, grants, options);
  }

  onSend(hook: SendHook): () => void {
    return this.#hooks.add(hook);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const calls = this.#calls.close(CLOSE_GRACE_MS);
    const handlers = [...this.#feeds.listening].map((listening) => listening.close());
    await Promise.all([calls, within(this.#parts.timing, CLOSE_GRACE_MS, Promise.all(handlers))]);
    await Promise.allSettled([this.#maps.close(), this.#hints.close()]);
    if (this.#parts.ownsStore) await this.#parts.store.close();
  }
}

/** A handler of the application may hang; closing does not wait for it for ever. */
async function within(timing: Timing, ms: number, work: Promise<unknown>): Promise<void> {
  const stop = new AbortController();
  await Promise.race([work, timing.wait(ms, stop.signal)]);
  stop.abort();
}

function createConsumerNames(instance: string): () => string {
  let last = 0;
  return () => {
    last += 1;
    return `${instance}.${last}`;
  };
}
