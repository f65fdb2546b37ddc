/*
 * The shared state of a Flotilla cluster. Internal: for the SDK, the pods and the operator, not for applications; what is
 * here may change in any version.
 */
export type { ChannelStore } from './channels.ts';
export type { Durability } from './durability.ts';
export type { EncodedEntry, EntryFormat, EntryInput, LogEntry } from './entry.ts';
export { encodeEntry, entryHead } from './entry-codec.ts';
export type { ClientEvent, EventStore, PartitionLease, StreamItem, StreamName } from './events.ts';
export { masterOf } from './generation.ts';
export { createKeys } from './keys.ts';
export type { Lease, LeaseObserver, LeaseStore, ShardReport } from './lease.ts';
export { createLeaseObserver } from './lease-observer.ts';
export type { Append, Appended, Generation, LogKey, LogMeta, LogSlice, LogStore, Route, Tails } from './log.ts';
export { compileLogLimits, DEFAULT_LOG_LIMITS, type LogLimits } from './log-limits.ts';
export type { MapStore } from './map.ts';
export { createMemoryStore, type MemoryStoreOptions } from './memory-store.ts';
export type { Notified, Notify, NotifyBus, NotifyHandlers, Subscription } from './notify.ts';
export { PARTITION_COUNT, partitionOf } from './partition.ts';
export type {
  AssertedConnection,
  ClientState,
  ConnectionEntry,
  ConnectRequest,
  ConnectResult,
  Cursors,
  DisconnectRequest,
  Membership,
  PresenceStore,
} from './presence.ts';
export { REPLACED_REASON } from './presence.ts';
export { isRecoverable, positionAt, startOffset } from './recovery.ts';
export { createRedisStore, type RedisStoreOptions } from './redis-store.ts';
export { parseRedisUrl, type RedisHost, type RedisTarget } from './redis/url.ts';
export type { StateOptions } from './state-options.ts';
export type { Store, StoreHealth } from './store.ts';
