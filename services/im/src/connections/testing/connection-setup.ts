import type { TokenClaims } from '@flotilla-im/protocol';
import { createDeliveryTotals } from '../../delivery/delivery-totals.ts';
import { FlushTick } from '../../delivery/flush-tick.ts';
import type { Follower } from '../../delivery/follower.ts';
import { Connection } from '../connection.ts';
import type { ConnectionHost } from '../connection-host.ts';
import type { TransportKind } from '../transport.ts';
import { FakeTransport } from './fake-transport.ts';

/** A connection on a fake transport, and what it asked its host for. */
export interface ConnectionSetup {
  readonly connection: Connection;
  readonly transport: FakeTransport;
  readonly host: ConnectionHost;
  readonly tick: FlushTick;
  /** Names of the host's methods that were called. */
  readonly calls: string[];
  readonly clock: { ms: number };
  readonly released: { count: number };
}

/** Claims of a token, with more or others. */
export function claimsOf(more: Partial<TokenClaims> = {}): TokenClaims {
  return { aud: 'test', sub: 'alice', jti: 'j', iat: 1_000, exp: 1_010, ...more };
}

/** A new connection that has said nothing yet. */
export function connectionSetup(
  claims: Partial<TokenClaims> = {},
  kind: TransportKind = 'v1',
  queueBytes = 10_000,
): ConnectionSetup {
  const calls: string[] = [];
  const clock = { ms: 1_000 };
  const released = { count: 0 };
  const tick = new FlushTick(() => undefined);
  const note = (name: string) => () => void calls.push(name);
  const host: ConnectionHost = {
    tick,
    totals: createDeliveryTotals(),
    queueBytes,
    frameRate: { perSecond: 10, burst: 20 },
    nowMs: () => clock.ms,
    resume: note('resume'),
    acknowledge: note('acknowledge'),
    confirmed: note('confirmed'),
    request: note('request'),
    upstreamText: note('upstreamText'),
    answered: note('answered'),
    unchoked: note('unchoked'),
    catchUp: note('catchUp'),
    lost: note('lost'),
    ended: note('ended'),
    fault: note('fault'),
  };
  const transport = new FakeTransport(kind);
  const arrival = {
    claims: claimsOf(claims),
    address: '127.0.0.1',
    arrivedAtMs: clock.ms,
    release: () => void (released.count += 1),
  };
  const connection = new Connection(host, transport, arrival, 'c1', clock.ms);
  transport.session = connection;
  return { connection, transport, host, tick, calls, clock, released };
}

/** The same, served, with followers. */
export function openConnection(setup: ConnectionSetup, followers: Follower[] = []): ConnectionSetup {
  setup.connection.resume({});
  setup.connection.phase = 'open';
  setup.connection.followers = followers;
  setup.calls.length = 0;
  return setup;
}
