import type { PresenceEvent } from '@flotilla-im/sdk';
import { describe, expect, it } from '@jest/globals';
import { ChangeLog, type SeenFleet } from './change-log.ts';

const TWO = [0, 2_048, 1, 2_048];
const THREE = [0, 1_365, 2, 683, 1, 1_366, 2, 682];

/** A picture; connections by shard. */
function picture(at: number, epoch: number, slotOwners: number[], connections: number[], isMoving = false): SeenFleet {
  return {
    at,
    epoch,
    slotOwners,
    connections: connections.reduce((sum, each) => sum + each, 0),
    shards: connections.map((each, shard) => ({ shard, connections: each })),
    moves: isMoving ? [{ from: 0, to: 2, slots: 683, guests: 0 }] : [],
  };
}

function happens(type: 'connected' | 'disconnected', shard: number, reason: string | null = null): PresenceEvent {
  const who = { clientId: 'Anna', connection: 'c', device: null, metadata: undefined };
  return { type, shard, reason, at: 0, attempt: 1, ...who };
}

/** A log that has seen two shards with 10 connections each, and then a third one getting its slots. */
function setup() {
  const log = new ChangeLog();
  log.observe(picture(0, 1, TWO, [10, 10]));
  log.observe(picture(1_000, 2, THREE, [10, 10, 0], true));
  return log;
}

describe('the log of changes', () => {
  it('has nothing to tell of what was there before', () => {
    const log = new ChangeLog();
    log.observe(picture(0, 7, TWO, [1, 1]));
    expect(log.changes(99_000)).toEqual([]);
    expect(new Set(log.leaving())).toEqual(new Set([-1]));
  });

  it('shows a move that runs, and which slots are on their way', () => {
    const log = setup();
    expect(log.changes(1_500)).toEqual([
      {
        firstEpoch: 2,
        epoch: 2,
        at: 1_000,
        connections: 20,
        tookMs: null,
        outcome: null,
        mostMoved: 1_365,
        moved: [
          { from: 0, to: 2, slots: 683 },
          { from: 1, to: 2, slots: 682 },
        ],
      },
    ]);
    const leaving = log.leaving();
    expect([leaving[0], leaving[1_365], leaving[2_047], leaving[4_095]]).toEqual([-1, 0, 0, -1]);
  });

  it('says how long it took at once, and what it did to connections only when all reports are in', () => {
    const log = setup();
    log.observe(picture(1_800, 2, THREE, [8, 10, 1]));
    log.observe(picture(2_300, 2, THREE, [7, 7, 6]));
    expect(log.changes(3_700)[0]).toMatchObject({ tookMs: 800, outcome: null });
    expect(new Set(log.leaving())).toEqual(new Set([-1]));
    expect(log.changes(3_800)[0]).toMatchObject({ tookMs: 800, outcome: { carried: 6, lost: {}, isComplete: true } });
  });

  it('does not take arrivals and departures for moves', () => {
    const log = setup();
    for (let i = 0; i < 4; i += 1) log.happened(happens('connected', 2));
    log.happened(happens('disconnected', 0, 'closed by the client'));
    log.observe(picture(2_000, 2, THREE, [7, 10, 6]));
    expect(log.changes(9_000)[0]?.outcome).toEqual({ carried: 2, lost: {}, isComplete: true });
  });

  it('counts what was lost, and not what somebody ended', () => {
    const log = setup();
    log.happened(happens('disconnected', 0, 'shard lost'));
    log.happened(happens('disconnected', 0, 'shard lost'));
    log.happened(happens('disconnected', 1, 'connection lost'));
    log.happened(happens('disconnected', 1, 'closed by the client'));
    log.observe(picture(2_000, 2, THREE, [8, 8, 0]));
    expect(log.changes(9_000)[0]?.outcome).toEqual({
      carried: 0,
      lost: { 'shard lost': 2, 'connection lost': 1 },
      isComplete: true,
    });
  });

  it('does not claim to have seen all ends when some may have been missed', () => {
    const log = setup();
    log.missed();
    log.observe(picture(2_000, 2, THREE, [10, 10, 0]));
    expect(log.changes(9_000)[0]?.outcome).toEqual({ carried: 0, lost: {}, isComplete: false });
  });

  it('makes one change of maps that follow before everything has moved', () => {
    const log = setup();
    log.observe(picture(1_200, 3, TWO, [10, 10], true));
    log.observe(picture(1_400, 3, TWO, [10, 10]));
    expect(log.changes(1_400)).toMatchObject([{ firstEpoch: 2, epoch: 3, moved: [], mostMoved: 1_365, tookMs: 400 }]);
  });

  it('keeps the last few changes, newest first, and none for a map that moved nothing', () => {
    const log = setup();
    for (let epoch = 3; epoch < 12; epoch += 1) {
      log.observe(picture(epoch * 10_000, epoch, epoch % 2 === 0 ? THREE : TWO, [10, 10, 0]));
    }
    log.observe(picture(200_000, 12, TWO, [10, 10, 0]));
    expect(log.changes(300_000).map(({ epoch }) => epoch)).toEqual([11, 10, 9, 8]);
  });
});
