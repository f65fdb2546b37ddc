import type { ChannelStore } from './channels.ts';
import type { EventStore } from './events.ts';
import type { LeaseStore } from './lease.ts';
import type { LogStore } from './log.ts';
import type { MapStore } from './map.ts';
import type { NotifyBus } from './notify.ts';
import type { PresenceStore } from './presence.ts';

/** Health of the connection to the shared state. */
export interface StoreHealth {
  readonly isHealthy: boolean;
  /** Monotonic milliseconds (`performance.now()`) since when it has been so. */
  readonly sinceMs: number;
}

/** All shared state of one cluster. */
export interface Store {
  readonly cluster: string;
  readonly logs: LogStore;
  readonly notify: NotifyBus;
  readonly presence: PresenceStore;
  readonly channels: ChannelStore;
  readonly events: EventStore;
  readonly leases: LeaseStore;
  readonly map: MapStore;
  health(): StoreHealth;
  /** What the checks at connect found that is allowed but worth a warning (persistence off, …). */
  readonly warnings: readonly string[];
  /** Ends connections it made itself; waits for commands under way, at most `timeoutMs` (default 2,000). */
  close(timeoutMs?: number): Promise<void>;
}
