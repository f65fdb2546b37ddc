import { describe, expect, it } from '@jest/globals';
import { createDeliveryTotals } from '../delivery/delivery-totals.ts';
import { ViewTable } from '../delivery/view-table.ts';
import { ClientTable } from './client-table.ts';
import { ConnectionSweep, SWEEP_MS } from './connection-sweep.ts';
import { connectionSetup, type ConnectionSetup, openConnection } from './testing/connection-setup.ts';

function setup(one: ConnectionSetup) {
  const clients = new ClientTable(new ViewTable());
  clients.add(one.connection);
  const totals = createDeliveryTotals();
  const clock = { wallMs: 0 };
  const sweep = new ConnectionSweep({
    clients,
    totals,
    limits: { helloTimeoutMs: 5_000, heartbeatTimeoutMs: 20_000, slowReaderMs: 30_000 },
    nowMs: () => one.clock.ms,
    wallMs: () => clock.wallMs,
  });
  const after = (ms: number): void => {
    one.clock.ms += ms;
    sweep.sweep();
    // The one before it came late.
    if (ms > 2 * SWEEP_MS) sweep.sweep();
  };
  return { ...one, totals, wall: clock, sweep, after };
}

const codeOf = ({ transport }: ConnectionSetup) => transport.closedWith?.code;

describe('the sweep', () => {
  it('closes with 4404 who does not say the first word in time', () => {
    const set = setup(connectionSetup());
    set.after(5_000);
    expect(codeOf(set)).toBeUndefined();
    set.after(1);
    expect(codeOf(set)).toBe(4404);
  });

  it('closes with 4405 who is silent for too long', () => {
    const set = setup(openConnection(connectionSetup()));
    set.after(20_000);
    expect(codeOf(set)).toBeUndefined();
    set.connection.heard();
    set.after(20_000);
    expect(codeOf(set)).toBeUndefined();
    set.after(1);
    expect(codeOf(set)).toBe(4405);
  });

  it('closes with 4405 who does not answer what it was asked, although it speaks', () => {
    const set = setup(openConnection(connectionSetup()));
    set.connection.askedAtMs = set.clock.ms;
    set.after(15_000);
    // It has yet to read the question.
    set.transport.backlog = 100;
    set.connection.heard();
    set.after(5_000);
    set.transport.backlog = 0;
    set.connection.heard();
    set.after(20_000);
    expect(codeOf(set)).toBeUndefined();
    set.connection.heard();
    set.after(1);
    expect(codeOf(set)).toBe(4405);
  });

  it('judges nobody by a time in which the pod slept before what came in it could be read', () => {
    const set = setup(openConnection(connectionSetup()));
    set.clock.ms += 25_000;
    set.sweep.sweep();
    expect(codeOf(set)).toBeUndefined();
    set.connection.heard();
    set.after(500);
    expect(codeOf(set)).toBeUndefined();
  });

  it('notices the dead although the pod is always late', () => {
    const set = setup(openConnection(connectionSetup()));
    for (let late = 0; late < 20; late++) {
      set.clock.ms += 1_100;
      set.sweep.sweep();
    }
    expect(codeOf(set)).toBe(4405);
  });

  it('leaves the heartbeat of Socket.IO to its engine', () => {
    const set = setup(openConnection(connectionSetup({}, 'socketio')));
    set.after(100_000);
    expect(codeOf(set)).toBeUndefined();
  });

  it('ends a session at its time, for good', () => {
    const set = setup(openConnection(connectionSetup({ sessionExpiresAt: 500 })));
    set.wall.wallMs = 499;
    set.after(1);
    expect(codeOf(set)).toBeUndefined();
    set.wall.wallMs = 500;
    set.after(1);
    expect(codeOf(set)).toBe(4502);
    expect(set.connection.ending?.isFinal).toBe(true);
  });

  it('closes with 4406 a reader that takes nothing at all, and only such a one', () => {
    const set = setup(openConnection(connectionSetup({}, 'socketio')));
    set.connection.isChoked = true;
    set.transport.backlog = 1_000;
    set.after(1);
    set.after(29_000);
    set.transport.backlog = 999;
    set.after(29_000);
    expect(codeOf(set)).toBeUndefined();
    set.after(30_000);
    expect(codeOf(set)).toBe(4406);
    expect(set.totals.slowCloses).toBe(1);
  });

  it.each(['plain', 'v1'] as const)(
    'takes a %s peer for alive that takes its backlog, since its pongs must wait',
    (kind) => {
      const set = setup(openConnection(connectionSetup({}, kind)));
      set.transport.backlog = 1_000;
      for (let i = 0; i < 10; i++) {
        set.transport.backlog -= 1;
        set.after(15_000);
      }
      expect(codeOf(set)).toBeUndefined();
      set.after(20_000);
      set.after(1);
      expect(codeOf(set)).toBe(4405);
    },
  );

  it('does not blame a peer that is not read', () => {
    const set = setup(openConnection(connectionSetup()));
    set.connection.hold(true);
    set.after(100_000);
    expect(codeOf(set)).toBeUndefined();
    expect(set.transport.isHeld).toBe(true);
  });

  it('notices that a backlog is gone although the transport did not say so', () => {
    const set = setup(openConnection(connectionSetup()));
    set.connection.isChoked = true;
    set.after(1);
    expect(set.calls).toEqual(['unchoked']);
  });

  it('drops who does not close after our goodbye', () => {
    const set = setup(openConnection(connectionSetup()));
    set.connection.end({ code: 1012, reason: { reason: 'draining' }, isFinal: false });
    set.after(10_001);
    expect(set.transport.terminated).toBe(1);
  });

  it('beats for those that are well', () => {
    const set = setup(openConnection(connectionSetup({}, 'plain')));
    set.after(500);
    expect(set.transport.beats).toBe(1);
  });
});
