import { closeCodeOf, FlotillaError, isFlotillaError } from '@flotilla-im/protocol';
import type { Arrival, ClientRequest, Positions, Session } from '../../../services/im/src/connections/session.ts';
import type { Transport } from '../../../services/im/src/connections/transport.ts';
import type { ShardCore } from '../../../services/im/src/shard/shard-core.ts';

/** A session that only writes down what its protocol adapter told it. */
export interface FakeSession extends Session {
  readonly transport: Transport;
  readonly arrival: Arrival;
  readonly requests: ClientRequest[];
  readonly resumed: Positions[];
  readonly acknowledged: Positions[];
  readonly confirmed: number[];
  readonly closedWith: number[];
  drains: number;
  /** Next mark to be given; 0 for none. */
  nextMark: number;
  /** Whether frames come slowly enough. */
  isPatient: boolean;
  /** Called at `resume`; by default the client is welcome. */
}

/** What a fake core is told to do. */
export interface FakeCoreOptions {
  /** What happens at `resume`; by default the client is welcome. */
  readonly onResume?: (session: FakeSession) => void;
  readonly onRequest?: (session: FakeSession, request: ClientRequest) => void;
}

/** A core without store and delivery, for tests of what stands before it. */
export interface FakeCore extends ShardCore {
  readonly sessions: FakeSession[];
  state: ShardCore['state'];
}

/** Says welcome, as the real core does when the store has taken the connection. */
export function welcome({ transport, clientId, connection }: FakeSession): void {
  transport.tell({
    type: 'welcome',
    clientId,
    connection,
    shard: 0,
    epoch: 1,
    inbox: { position: '0.0', recovered: true },
    channels: {},
    heartbeatMs: 15_000,
    heartbeatTimeoutMs: 20_000,
  });
  transport.flush();
}

function createSession(transport: Transport, arrival: Arrival, options: FakeCoreOptions): FakeSession {
  const session: FakeSession = {
    transport,
    arrival,
    clientId: arrival.claims.sub,
    connection: `c-${arrival.claims.jti}`,
    device: null,
    mayGoUpstream: true,
    requests: [],
    resumed: [],
    acknowledged: [],
    confirmed: [],
    closedWith: [],
    drains: 0,
    nextMark: 0,
    isPatient: true,
    resume(positions) {
      session.resumed.push(positions);
      (options.onResume ?? welcome)(session);
    },
    heard: () => undefined,
    answered: () => undefined,
    frame() {
      if (!session.isPatient) transport.close(4409, { reason: 'rate_limited' });
      return session.isPatient;
    },
    acknowledge: (positions) => void session.acknowledged.push(positions),
    mark: () => session.nextMark,
    confirm(mark) {
      session.confirmed.push(mark);
      return mark === session.nextMark;
    },
    request(frame) {
      session.requests.push(frame);
      options.onRequest?.(session, frame);
    },
    upstreamText: () => undefined,
    drained: () => void (session.drains += 1),
    fail(error) {
      const told = isFlotillaError(error) ? error : new FlotillaError('internal');
      transport.close(closeCodeOf(told), { reason: told.code, sentence: told.message });
    },
    end: ({ code, reason }) => transport.close(code, reason),
    closed: (code) => void session.closedWith.push(code),
  };
  return session;
}

/** Starts `up`, ready, without connections. */
export function createFakeCore(options: FakeCoreOptions = {}): FakeCore {
  const sessions: FakeSession[] = [];
  const core: FakeCore = {
    shard: 0,
    state: 'up',
    sessions,
    conditions: () => [{ name: 'delivery', holds: true }],
    accept(transport, arrival) {
      const session = createSession(transport, arrival, options);
      sessions.push(session);
      return session;
    },
    openWebSocket: () => {
      throw new Error('not in this test');
    },
    refuseWebSocket: () => {
      throw new Error('not in this test');
    },
    drain: () => Promise.resolve(),
    close: () => Promise.resolve(),
    kill: () => undefined,
    totals: () => ({
      delivered: 0,
      deliveredLive: 0,
      droppedLive: 0,
      slowCatchUps: 0,
      slowCloses: 0,
      slowDropped: 0,
      slowSuperseded: 0,
      notifies: 0,
      gapFills: 0,
      unreadable: 0,
      rereads: 0,
      storeLosses: 0,
    }),
    levels: () => ({
      connections: { plain: 0, v1: 0, socketio: sessions.length },
      guests: 0,
      slotsOwned: 4096,
      epoch: 1,
      queuedBytes: 0,
      conditions: { delivery: true },
    }),
  };
  return core;
}
