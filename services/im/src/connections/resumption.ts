import {
  BROADCAST_CHANNEL,
  type ErrorCode,
  FlotillaError,
  formatPosition,
  isFlotillaError,
  type Position,
  type ResumedLog,
} from '@flotilla-im/protocol';
import type { ConnectResult, PresenceStore } from '@flotilla-im/store';
import type { CatchUp } from '../delivery/catch-up.ts';
import type { Filler } from '../delivery/filler.ts';
import type { FlushTick } from '../delivery/flush-tick.ts';
import { Follower } from '../delivery/follower.ts';
import { LogPage } from '../delivery/log-page.ts';
import type { ClientRefresh } from '../membership/client-refresh.ts';
import type { Memberships, PreparedChannel } from '../membership/memberships.ts';
import type { Incarnation } from '../presence-duty/incarnation.ts';
import type { ClientRecord } from './client-record.ts';
import type { ClientTable } from './client-table.ts';
import type { Connection } from './connection.ts';
import type { Positions } from './session.ts';

/** What resuming needs. */
export interface ResumptionDeps {
  readonly shard: number;
  readonly presence: Pick<PresenceStore, 'connect'>;
  readonly incarnation: Incarnation;
  readonly clients: ClientTable;
  readonly refresh: ClientRefresh;
  readonly memberships: Memberships;
  readonly catchUp: CatchUp;
  readonly filler: Filler;
  readonly tick: FlushTick;
  readonly limits: {
    readonly connectionsPerClient: number;
    readonly heartbeatMs: number;
    readonly heartbeatTimeoutMs: number;
  };
  readonly epoch: () => number;
  /** The connection is in the store's presence entry: when it ends, the store must hear of it. */
  readonly onRegistered: (connection: Connection) => void;
  /** It is there under an incarnation that the pod has given up meanwhile, and would be taken for a lost pod's. */
  readonly onOutlived: (record: ClientRecord) => void;
  /** The connection is served. */
  readonly onWelcomed: (connection: Connection) => void;
  readonly onRefused: (connection: Connection, code: ErrorCode) => void;
}

/** Why the store lets a connection not in, for people. */
const REFUSALS = {
  token_used: 'the token was spent by an earlier connection; each connection needs a fresh address',
  token_revoked: 'the token was issued before the business ended what it was for',
  too_many_connections: 'the client has as many connections as it may',
  fenced: 'the shard lost its lease',
  store_unavailable: 'the store has lost its memory, and is about to be told again of the client',
} as const;

type Connected = Extract<ConnectResult, { outcome: 'connected' }>;

/** Takes a connection from its first word to its welcome: presence, where it begins in each log, then messages. */
export class Resumption {
  readonly #deps: ResumptionDeps;

  constructor(deps: ResumptionDeps) {
    this.#deps = deps;
  }

  /** Never rejects: what goes wrong ends the connection. */
  async resume(connection: Connection, positions: Positions): Promise<void> {
    const record = this.#deps.clients.serve(connection);
    connection.record = record;
    try {
      connection.registration = 'perhaps';
      const { result, incarnation } = await this.#connect(connection, positions);
      connection.since = result.since;
      connection.registration = 'yes';
      this.#deps.onRegistered(connection);
      if (incarnation !== this.#deps.incarnation.id) this.#deps.onOutlived(record);
      if (!isResuming(connection)) return;
      this.#openInbox(record, result);
      // At once, wherever that can be: many arrive at a time.
      if (record.life === null || record.life === result.state.life) this.#deps.refresh.apply(record, result.state);
      else await this.#deps.refresh.take(record, result.state);
      await this.#welcome(connection, record, result, positions);
    } catch (error) {
      if (isFlotillaError(error)) this.#deps.onRefused(connection, error.code);
      connection.fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async #connect(connection: Connection, { inbox }: Positions): Promise<{ result: Connected; incarnation: string }> {
    const { claims } = connection;
    let usedLast = '';
    const result = await this.#deps.incarnation.under(async (incarnation) => {
      usedLast = incarnation;
      const outcome = await this.#deps.presence.connect({
        clientId: claims.sub,
        connection: connection.connection,
        shard: this.#deps.shard,
        incarnation,
        device: connection.device,
        token: { id: claims.jti, issuedAtMs: claims.iat * 1_000, expiresAtMs: claims.exp * 1_000 },
        ...(claims.continues === undefined ? {} : { continues: claims.continues }),
        ...(claims.life === undefined ? {} : { life: claims.life }),
        ...(claims.metadata === undefined ? {} : { metadata: JSON.stringify(claims.metadata) }),
        replace: claims.replace === true,
        maxConnections: this.#deps.limits.connectionsPerClient,
        ...(inbox === undefined ? {} : { inboxAfter: inbox }),
      });
      return outcome.outcome === 'refused' && outcome.why === 'fenced' ? 'fenced' : outcome;
    });
    if (result === 'fenced') {
      connection.registration = 'no';
      throw new FlotillaError('fenced', REFUSALS.fenced);
    }
    if (result.outcome === 'refused') {
      connection.registration = 'no';
      throw new FlotillaError(result.why, REFUSALS[result.why]);
    }
    return { result, incarnation: usedLast };
  }

  #openInbox({ inbox }: ClientRecord, { inbox: slice }: Connected): void {
    const { filler, tick } = this.#deps;
    const { life, last } = slice.meta;
    // The connect has made the store tell this shard of messages, perhaps before the shard learns what was lost.
    if (inbox.isOpen && life !== inbox.life) inbox.doubt();
    const isBehind = inbox.isOpen ? life !== inbox.life || last > inbox.line.offset : inbox.open(slice.meta) === 'gap';
    if (isBehind) void filler.fill(inbox);
    tick.addView(inbox);
  }

  async #welcome(connection: Connection, record: ClientRecord, result: Connected, positions: Positions): Promise<void> {
    const channels = await this.#prepare(connection, record, result, positions);
    if (!isResuming(connection)) {
      for (const channel of channels) this.#deps.memberships.drop(channel);
      return;
    }
    const page = LogPage.of(record.inbox.key, result.inbox);
    const inbox = new Follower(record.inbox, connection, page.start);
    connection.followers = [inbox];
    const entered = channels.map((channel) => this.#deps.memberships.enter(connection, channel));
    connection.owed = owedLater(positions, channels);
    connection.phase = 'open';
    this.#tellWelcome(connection, { position: formatPosition(page.start), recovered: page.recovered }, channels);
    this.#tellLosses(connection, inbox, page, entered, channels);
    this.#deps.onWelcomed(connection);
    this.#deps.catchUp.take(inbox, page);
    entered.forEach((follower, index) => {
      const channel = channels[index];
      if (channel !== undefined) this.#deps.memberships.begin(follower, channel);
    });
    connection.opened();
  }

  /** All channels the client belongs to when the last of them is ready: it may join and leave meanwhile. */
  async #prepare(
    connection: Connection,
    record: ClientRecord,
    { channelCursors }: Connected,
    positions: Positions,
  ): Promise<PreparedChannel[]> {
    const ready = new Map<string, PreparedChannel>();
    const owed = (channel: string): Position | null =>
      own(positions.channels, channel) ?? own(channelCursors, channel) ?? null;
    const wanted = (): [string, Position | null][] => [[BROADCAST_CHANNEL, null], ...(record.memberships ?? [])];
    while (isResuming(connection)) {
      const missing = wanted().filter(([channel]) => !ready.has(channel));
      if (missing.length === 0) break;
      const prepared = await Promise.all(
        missing.map(([channel, joinedAt]) => this.#deps.memberships.prepare(channel, joinedAt, owed(channel))),
      );
      for (const one of prepared) ready.set(one.channel, one);
    }
    return this.#keep(ready, new Set(wanted().map(([channel]) => channel)));
  }

  #keep(ready: ReadonlyMap<string, PreparedChannel>, wanted: ReadonlySet<string>): PreparedChannel[] {
    const kept: PreparedChannel[] = [];
    for (const one of ready.values()) {
      if (wanted.has(one.channel)) kept.push(one);
      else this.#deps.memberships.drop(one);
    }
    return kept;
  }

  #tellWelcome(connection: Connection, inbox: ResumedLog, channels: readonly PreparedChannel[]): void {
    const { limits, shard } = this.#deps;
    // Without a prototype: a channel may be called `__proto__`.
    const resumed = Object.create(null) as Record<string, ResumedLog>;
    for (const { channel, start } of channels) {
      resumed[channel] = { position: formatPosition(start.place), recovered: start.recovered };
    }
    connection.tell({
      type: 'welcome',
      clientId: connection.clientId,
      connection: connection.connection,
      shard,
      epoch: this.#deps.epoch(),
      inbox,
      channels: resumed,
      heartbeatMs: limits.heartbeatMs,
      heartbeatTimeoutMs: limits.heartbeatTimeoutMs,
    });
  }

  /** A plain WebSocket has no welcome to read it from. */
  #tellLosses(
    connection: Connection,
    inbox: Follower,
    page: LogPage,
    entered: readonly Follower[],
    channels: readonly PreparedChannel[],
  ): void {
    if (connection.transport.kind !== 'plain') return;
    if (!page.recovered) connection.jumped(inbox, page.start);
    entered.forEach((follower, index) => {
      const start = channels[index]?.start;
      if (start?.recovered === false) connection.jumped(follower, start.place);
    });
  }
}

function isResuming(connection: Connection): boolean {
  return connection.phase === 'resuming';
}

/** What it brought for channels to which its client does not belong; null for nothing. */
function owedLater({ channels = {} }: Positions, entered: readonly PreparedChannel[]): Map<string, Position> | null {
  const owed = new Map(Object.entries(channels));
  for (const { channel } of entered) owed.delete(channel);
  return owed.size === 0 ? null : owed;
}

function own(positions: Readonly<Record<string, Position>> | undefined, channel: string): Position | undefined {
  return positions !== undefined && Object.hasOwn(positions, channel) ? positions[channel] : undefined;
}
