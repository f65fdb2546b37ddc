import type { ConnectInfo } from '@flotilla-im/sdk';
import type { ServedConnection } from '../journal.ts';

/** What a client of the load tells. */
export interface ListenerEvents {
  /** A shard serves it over a new connection. */
  served(connection: ServedConnection): void;
  /** A connection that was served has ended. */
  closed(connection: ServedConnection, code: number): void;
  /** A message reached the application: what was sent as its data. */
  message(clientId: string, data: unknown): void;
  /** It was told that messages are lost. */
  gap(clientId: string): void;
}

/** What clients of the load have in common. */
export interface ListenerParts {
  readonly events: ListenerEvents;
  /** Asks the SDK where to connect, as a business service does for its clients. */
  address(clientId: string): Promise<ConnectInfo>;
}

/** A client that stays connected until it is closed. */
export interface Listener {
  readonly isConnected: boolean;
  close(): void;
}

/** The shard that an address leads to; -1 when it names none. */
export function shardOf(url: string): number {
  return Number(/\/s\/(\d+)\//.exec(url)?.[1] ?? -1);
}
