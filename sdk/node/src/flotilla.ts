import type { Grants } from '@flotilla-im/protocol';
import type { CallOptions } from './calls/call-options.ts';
import type { Channels } from './channels/channels.ts';
import type { ConnectInfo, ConnectOptions, DisconnectOptions } from './connect/connect-info.ts';
import type { FleetView } from './fleet/fleet.ts';
import type { History } from './history/history.ts';
import type { Presence } from './presence/presence.ts';
import type { Receipts } from './receipts/receipt.ts';
import type { Message, MessageContent } from './send/message.ts';
import type { SendHook } from './send/on-send.ts';
import type { Published } from './send/outcome.ts';
import type { Sent } from './send/sent.ts';
import type { Upstream } from './upstream/upstream.ts';

/**
 * One cluster, as a microservice sees it. Several can live in one process. Every rejection is a `FlotillaError` with a
 * stable `code` and `retryable`; retryable failures have already been retried until the deadline.
 */
export interface Flotilla {
  readonly cluster: string;
  /** What the store allows but should not be so in production (persistence off, …); empty when all is well. */
  readonly warnings: readonly string[];

  /**
   * The address of the client's shard and a token for one connection.
   *
   * @throws `no_shards` (retryable) while no shard is deployed; `map_unsupported` for a map of an incompatible version
   */
  connectInfo(clientId: string, options?: ConnectOptions): Promise<ConnectInfo>;

  /**
   * Sends to one client or to many. Durable when it resolves, unless `live`.
   *
   * @throws SendError when a receiver's log did not accept it, with an outcome per receiver; the same call with the same
   * `key` completes it. Otherwise `bad_client_id`, `bad_data`, `data_too_large`, `too_many_receivers`, `bad_options`.
   */
  send(message: Message, options?: CallOptions): Promise<Sent>;

  /** To every connection there is, and to those that come back within the log's bounds. */
  broadcast(message: MessageContent, options?: CallOptions): Promise<Published>;

  readonly channels: Channels;
  readonly presence: Presence;
  readonly receipts: Receipts;
  readonly upstream: Upstream;
  readonly history: History;
  readonly fleet: FleetView;

  /** Closes connections of a client (close code 4500 and the reason); resolves to how many were asked to close. */
  disconnect(clientId: string, options?: DisconnectOptions): Promise<number>;

  /** Replaces the grants of a client's open connections, and of tokens issued before; null takes that back. */
  setGrants(clientId: string, grants: Grants | null, options?: CallOptions): Promise<void>;

  /** Adds a hook that sees every send before it goes out, and can abort it; call the result to remove it. */
  onSend(hook: SendHook): () => void;

  /** Ends iterations and handlers, lets calls under way finish (at most 2 s), closes what it opened. Calls after it reject with `closed`. Safe to repeat. */
  close(): Promise<void>;
}
