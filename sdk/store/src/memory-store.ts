import { randomBytes } from 'node:crypto';
import { createMemoryChannelStore } from './memory-channels.ts';
import { MemoryClients } from './memory-clients.ts';
import { createMemoryEventStore } from './memory-events.ts';
import { createMemoryLeaseStore } from './memory-lease.ts';
import { createMemoryLogStore, MemoryLogs } from './memory-log.ts';
import { createMemoryMapStore } from './memory-map.ts';
import { MemoryNotifyBus } from './memory-notify.ts';
import { createMemoryPresenceStore } from './memory-presence.ts';
import { createMemoryState } from './memory-state.ts';
import { createKeys } from './keys.ts';
import { compileLogLimits, type LogLimits } from './log-limits.ts';
import { compileStateOptions, type StateOptions } from './state-options.ts';
import type { Store } from './store.ts';

/** A store within one process. */
export interface MemoryStoreOptions {
  readonly cluster: string;
  /** Milliseconds since 1970; default `Date.now`. */
  readonly clock?: () => number;
  readonly logs?: Partial<LogLimits>;
  readonly state?: StateOptions;
}

/**
 * All shared state of a cluster in this process's memory: one object for everybody in the process. It is lost with the
 * process.
 *
 * @throws {FlotillaError} bad_options for a cluster's name that no store takes.
 */
export function createMemoryStore(options: MemoryStoreOptions): Store {
  // The same names are refused, so that a program that runs here runs on Redis.
  createKeys(options.cluster);
  const now = options.clock ?? Date.now;
  const stateOptions = compileStateOptions(options.state);
  const bus = new MemoryNotifyBus();
  const hint = (topic: string, text: string): void => bus.hint(topic, text);
  const { events, emit } = createMemoryEventStore(now, hint, stateOptions);
  const state = createMemoryState(now, randomBytes(3).toString('hex'), {
    publish: (shard, notify) => bus.publish(shard, notify),
    publishHint: hint,
    emit,
    readLog: (log, after, page) => logs.read(log, after, page),
    logMeta: (log) => logs.meta(log),
  });
  const logs = new MemoryLogs(state, compileLogLimits(options.logs));
  const clients = new MemoryClients();
  const { presence, fenced } = createMemoryPresenceStore(state, clients, stateOptions);
  const health = Object.freeze({ isHealthy: true, sinceMs: performance.now() });
  return {
    cluster: options.cluster,
    logs: createMemoryLogStore(state, logs),
    notify: bus,
    presence,
    channels: createMemoryChannelStore(state, clients, fenced, stateOptions),
    events,
    leases: createMemoryLeaseStore(now),
    map: createMemoryMapStore(hint),
    warnings: ['everything is kept in memory only and is lost with this process'],
    health: () => health,
    close: () => Promise.resolve(),
  };
}
