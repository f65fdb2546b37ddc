import { describe, expect, it } from '@jest/globals';
import { LOG_START } from '@flotilla-im/protocol';
import { Follower } from '../delivery/follower.ts';
import { LogView } from '../delivery/log-view.ts';
import { followedView } from '../delivery/testing/followed-view.ts';
import { connectionSetup, type ConnectionSetup, openConnection } from './testing/connection-setup.ts';

const RING = { frames: 8, bytes: 65_536 };

function followed(setup: ConnectionSetup = connectionSetup()) {
  const view = followedView();
  const follower = new Follower(view.view, setup.connection, LOG_START);
  openConnection(setup, [follower]);
  view.view.attach(follower);
  const publish = (data?: string): void => {
    view.notify(view.log.append(data === undefined ? {} : { data }));
    view.tick.run();
    setup.tick.run();
  };
  return { ...setup, follower, publish };
}

describe('a connection', () => {
  it('is resumed once; a second time is a protocol error', () => {
    const { connection, calls, transport } = connectionSetup();
    connection.resume({});
    connection.resume({});
    expect(calls).toEqual(['resume']);
    expect(transport.closedWith).toMatchObject({ code: 4504 });
  });

  it('refuses a request before its resume', () => {
    const { connection, transport } = connectionSetup();
    connection.request({ type: 'subscribe', id: '1', channel: 'news' });
    expect(transport.closedWith).toMatchObject({ code: 4504 });
  });

  it('lets nothing it says take effect before the store has accepted its token', () => {
    const { connection, calls } = connectionSetup({ grants: { upstream: true } });
    connection.resume({});
    connection.request({ type: 'subscribe', id: '1', channel: 'news' });
    connection.upstreamText('hi');
    expect(calls).toEqual(['resume']);
    connection.phase = 'open';
    connection.opened();
    expect(calls).toEqual(['resume', 'request', 'upstreamText']);
  });

  it('passes no text on without the grant', () => {
    const { connection, calls } = openConnection(connectionSetup());
    connection.upstreamText('hi');
    expect(calls).toEqual([]);
  });

  it('goes by the grants that replaced those of its token, unless the token is newer', () => {
    const { connection } = connectionSetup({ grants: { upstream: true }, iat: 1_000 });
    expect(connection.mayGoUpstream).toBe(true);
    connection.record = { grants: { grants: {}, atMs: 1_000_000 } } as unknown as typeof connection.record;
    expect(connection.mayGoUpstream).toBe(false);
    connection.record = { grants: { grants: {}, atMs: 999_999 } } as unknown as typeof connection.record;
    expect(connection.mayGoUpstream).toBe(true);
  });

  it('after a move goes by the grants that replaced those of its first token, whenever the move was', () => {
    const granted = { iat: 1_000, grants: { upstream: true } };
    const { connection } = connectionSetup({ grants: { upstream: true }, iat: 1_010, granted });
    connection.record = { grants: { grants: {}, atMs: 1_005_000 } } as unknown as typeof connection.record;
    expect(connection.mayGoUpstream).toBe(false);
    connection.record = { grants: null } as unknown as typeof connection.record;
    expect(connection.mayGoUpstream).toBe(true);
  });

  it('closes with 4409 when frames come faster than allowed', () => {
    const { connection, transport } = openConnection(connectionSetup());
    const counted = Array.from({ length: 25 }, () => connection.frame());
    expect(counted.filter((isTaken) => isTaken)).toHaveLength(20);
    expect(transport.closedWith).toMatchObject({ code: 4409, reason: { reason: 'rate_limited' } });
  });

  it('is read no further while answers that nobody reads pile up, whatever else holds it', () => {
    const { connection, transport } = openConnection(connectionSetup({}, 'v1', 10_000));
    transport.backlog = 20_000;
    connection.frame();
    expect(transport.isHeld).toBe(false);
    transport.backlog = 20_001;
    connection.frame();
    expect(transport.isHeld).toBe(true);
    expect(connection.isChoked).toBe(true);
    connection.hold(true);
    connection.hold(false);
    expect(transport.isHeld).toBe(true);
    transport.backlog = 0;
    connection.drained();
    expect(transport.isHeld).toBe(false);
  });

  it('that its requests hold is not read when it has drained', () => {
    const { connection, transport } = openConnection(connectionSetup({}, 'v1', 10_000));
    transport.backlog = 20_001;
    connection.frame();
    connection.hold(true);
    connection.drained();
    expect(transport.isHeld).toBe(true);
    connection.hold(false);
    expect(transport.isHeld).toBe(false);
  });

  it('takes no more once its backlog is too long, and goes on when it has drained', () => {
    const { connection, transport, publish, follower, calls } = followed();
    publish();
    transport.backlog = 20_000;
    publish();
    expect(connection.isChoked).toBe(true);
    publish();
    expect(transport.out).toEqual(['1', '2']);
    expect(follower.isLive).toBe(false);
    transport.backlog = 0;
    connection.drained();
    expect(calls).toContain('unchoked');
    expect(follower.place).toMatchObject({ offset: 2 });
  });

  it('takes no more in one tick than its queue may hold, and is caught up after the flush', () => {
    const { transport, publish, calls } = followed(connectionSetup({}, 'v1', 1_000));
    publish('x'.repeat(5_000));
    expect(transport.out).toHaveLength(1);
    expect(calls).toEqual([]);
  });

  it('marks what was delivered since the last mark, and takes its confirmation', () => {
    const { connection, publish, calls } = followed();
    expect(connection.mark()).toBe(0);
    publish();
    publish();
    expect(connection.mark()).toBe(2);
    expect(connection.mark()).toBe(0);
    publish();
    expect(connection.mark()).toBe(3);
    expect(connection.confirm(2)).toBe(true);
    expect(calls).toEqual(['confirmed']);
    expect(connection.confirm(3)).toBe(true);
    expect(connection.mark()).toBe(0);
  });

  it('takes no confirmation of what was never marked', () => {
    const { connection, publish, calls } = followed();
    publish();
    expect(connection.confirm(1)).toBe(false);
    expect(calls).toEqual([]);
  });

  it('says gap to a client that can read it, and tells business of one that cannot', () => {
    const v1 = followed();
    v1.connection.jumped(v1.follower, { generation: 'aaaaaaaaaaaa', offset: 7 });
    expect(v1.transport.notices).toEqual([{ type: 'gap', position: 'aaaaaaaaaaaa.7' }]);
    const plain = followed(connectionSetup({}, 'plain'));
    plain.connection.jumped(plain.follower, LOG_START);
    expect(plain.calls).toEqual(['lost']);
  });

  it('tells of what drop-oldest skips and says why, but not of what latest supersedes; both are counted', () => {
    const position = { generation: 'aaaaaaaaaaaa', offset: 7 };
    const dropping = followed(connectionSetup({ slowReader: { inbox: 'drop-oldest' } }));
    dropping.connection.passedOver(dropping.follower, position, 5);
    expect(dropping.transport.notices).toEqual([{ type: 'gap', position: 'aaaaaaaaaaaa.7', reason: 'slow' }]);
    expect(dropping.host.totals).toMatchObject({ slowDropped: 5, slowSuperseded: 0 });
    const prices = new Follower(new LogView({ kind: 'channel', id: 'prices' }, RING), dropping.connection, LOG_START);
    const latest = followed(connectionSetup({ slowReader: { channels: { prices: 'latest' } } }));
    latest.connection.passedOver(prices, position, 5);
    expect(latest.transport.notices).toEqual([]);
    expect(latest.host.totals).toMatchObject({ slowDropped: 0, slowSuperseded: 5 });
    const plain = followed(connectionSetup({ slowReader: { inbox: 'drop-oldest' } }, 'plain'));
    plain.connection.passedOver(plain.follower, position, 5);
    expect(plain.calls).toEqual(['lost']);
  });

  it('ends once, with the first reason, and is released once', () => {
    const { connection, transport, calls, released } = openConnection(connectionSetup());
    connection.fail(new Error('boom'));
    connection.end({ code: 4500, reason: { reason: 'later' }, isFinal: true });
    expect(transport.closedWith).toMatchObject({ code: 1011, reason: { reason: 'internal' } });
    connection.closed(1011);
    connection.closed(1006);
    expect(calls).toEqual(['fault', 'ended']);
    expect(released.count).toBe(1);
  });

  it('tells a fault of ours without its text', () => {
    const { connection, transport } = openConnection(connectionSetup());
    connection.fail(new Error('secret'));
    expect(JSON.stringify(transport.closedWith)).not.toContain('secret');
  });
});
