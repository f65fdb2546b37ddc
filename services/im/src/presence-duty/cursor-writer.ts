import { LIMITS, type Position } from '@flotilla-im/protocol';
import type { Cursors, PresenceStore } from '@flotilla-im/store';
import type { Connection } from '../connections/connection.ts';
import type { Incarnation } from './incarnation.ts';

/** Cursors are stored so often at most, and each client's (but for the first after a pause) so often. */
export const BATCH_MS = 100;
const CLIENT_MS = LIMITS.ackIntervalMs;
/** Channel cursors of a named device, besides at its end. */
const CHANNELS_MS = 10_000;
/** Whose channel cursors are due is looked for so often. */
const LOOK_MS = 500;
/** Entries of one batch. */
const MOST = 500;

type Entry = Parameters<PresenceStore['storeCursors']>[1][number];

/** What the writer of cursors needs. */
export interface CursorWriterDeps {
  readonly presence: Pick<PresenceStore, 'storeCursors'>;
  readonly incarnation: Incarnation;
  readonly nowMs: () => number;
  /** From 0 to 1. */
  readonly chance: () => number;
  /** Runs something after so many milliseconds, unless the pod closes first. */
  readonly setTimer: (run: () => void, ms: number) => unknown;
  readonly onFailure: (error: unknown) => void;
}

/** Collects what clients acknowledged and stores it in batches. */
export class CursorWriter {
  readonly #deps: CursorWriterDeps;
  #moved = new Set<Connection>();
  /** Connections whose channel cursors wait for their time. */
  readonly #channelsWait = new Set<Connection>();
  #isDue = false;
  #isLooking = false;

  constructor(deps: CursorWriterDeps) {
    this.#deps = deps;
  }

  /** A cursor of the connection moved. */
  moved(connection: Connection): void {
    this.#moved.add(connection);
    this.#schedule();
  }

  /** The connection is gone: its cursors go with its `disconnect`. */
  forget(connection: Connection): void {
    this.#moved.delete(connection);
    this.#channelsWait.delete(connection);
  }

  /** Stores one batch now. Never rejects: what could not be stored is tried again. */
  async write(): Promise<void> {
    const nowMs = this.#deps.nowMs();
    const batch = new Map<Connection, Entry>();
    for (const connection of this.#moved) {
      const { record } = connection;
      if (record === null || record.cursorsAtMs + CLIENT_MS > nowMs) continue;
      this.#moved.delete(connection);
      const withChannels = this.#takesChannels(connection, nowMs);
      const cursors = cursorsOf(connection, withChannels);
      if (cursors !== null) batch.set(connection, { clientId: connection.clientId, cursors });
      if (batch.size === MOST) break;
    }
    if (batch.size === 0) return;
    // After the walk: several connections of a client go into one batch.
    for (const { record } of batch.keys()) if (record !== null) record.cursorsAtMs = nowMs;
    if (!(await this.#store([...batch.values()]))) for (const connection of batch.keys()) this.#again(connection);
  }

  /** Whether a connection's channel cursors are stored now; if not they come back when it is their time. */
  #takesChannels(connection: Connection, nowMs: number): boolean {
    if (connection.device === null) return false;
    const { channelCursorsAtMs } = connection;
    const isDue = isChannelsDue(connection, nowMs);
    // Those that came at once must not be due at once ever after: the second time comes early, for each at another moment.
    if (isDue) connection.channelCursorsAtMs = nowMs - (channelCursorsAtMs > 0 ? 0 : this.#deps.chance() * CHANNELS_MS);
    if (isDue) this.#channelsWait.delete(connection);
    else {
      this.#channelsWait.add(connection);
      this.#lookLater();
    }
    return isDue;
  }

  #lookLater(): void {
    if (this.#isLooking) return;
    this.#isLooking = true;
    this.#deps.setTimer(() => {
      this.#isLooking = false;
      const nowMs = this.#deps.nowMs();
      for (const connection of this.#channelsWait) {
        if (!isChannelsDue(connection, nowMs)) continue;
        this.#channelsWait.delete(connection);
        this.moved(connection);
      }
      if (this.#channelsWait.size > 0) this.#lookLater();
    }, LOOK_MS);
  }

  async #store(entries: Entry[]): Promise<boolean> {
    try {
      const { incarnation, presence } = this.#deps;
      return (await incarnation.under((id) => presence.storeCursors(id, entries))) === 'stored';
    } catch (error) {
      this.#deps.onFailure(error);
      return false;
    }
  }

  #again(connection: Connection): void {
    if (connection.phase !== 'closed') this.moved(connection);
  }

  #schedule(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#deps.setTimer(() => {
      void this.write().finally(() => {
        this.#isDue = false;
        if (this.#moved.size > 0) this.#schedule();
      });
    }, BATCH_MS);
  }
}

function isChannelsDue({ channelCursorsAtMs }: Connection, nowMs: number): boolean {
  return channelCursorsAtMs + CHANNELS_MS <= nowMs;
}

/** The cursors of a connection; null when nothing was acknowledged. */
export function cursorsOf(connection: Connection, withChannels: boolean): Cursors | null {
  const { device, followers } = connection;
  const inbox = followers[0]?.acknowledged ?? null;
  const channels = device !== null && withChannels ? channelCursors(connection) : null;
  if (inbox === null && channels === null) return null;
  return { device, ...(inbox === null ? {} : { inbox }), ...(channels === null ? {} : { channels }) };
}

function channelCursors({ followers }: Connection): Record<string, Position> | null {
  let cursors: Record<string, Position> | null = null;
  for (const { acknowledged, view } of followers) {
    if (acknowledged === null || view.key.kind !== 'channel') continue;
    cursors ??= Object.create(null) as Record<string, Position>;
    cursors[view.key.id] = acknowledged;
  }
  return cursors;
}
