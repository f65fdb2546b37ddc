import { describe, expect, it } from '@jest/globals';
import { Ledger, type ClientKind } from './ledger.ts';

/** One client, one stream, and a clock that the test sets. */
function setup(kind: ClientKind = 'v1') {
  const ledger = new Ledger();
  const stream = ledger.stream('inbox');
  ledger.add({ id: 'ann', kind }, ['inbox']);
  return {
    ledger,
    /** The store accepts the next message. */
    accept: (nowMs = 0) => stream.accept(nowMs),
    arrive: (number: number, nowMs = 0) => ledger.arrived('ann', 'inbox', number, nowMs),
    reconnect: (nowMs = 0) => ledger.connected('ann', nowMs),
    account: (nowMs = 0) => ledger.report(nowMs).kinds[kind],
    examples: () => ledger.report(0).examples,
  };
}

const clean = { lacking: 0, doubled: 0, reordered: 0, repeated: 0, misled: 0, toldLost: 0 };

describe('the ledger of a flotilla.v1 client', () => {
  it('finds nothing wrong with every message once and in order', () => {
    const { accept, arrive, reconnect, account } = setup();
    for (const number of [1, 2, 3]) {
      accept();
      arrive(number);
      reconnect();
    }
    expect(account()).toMatchObject(clean);
  });

  it('lacks what was accepted and did not arrive, in the middle and at the end', () => {
    const { accept, arrive, account, ledger, examples } = setup();
    for (let i = 0; i < 5; i += 1) accept();
    for (const number of [1, 2, 4]) arrive(number);
    expect(account()).toMatchObject({ ...clean, lacking: 2 });
    expect(ledger.lacking()).toBe(2);
    expect(examples()).toEqual(['ann lacks 2 of inbox, from 3 on']);
  });

  it('lacks nothing that the store has not accepted', () => {
    const { arrive, account } = setup();
    arrive(1);
    expect(account()).toMatchObject(clean);
  });

  it('knows a message that came twice, over a new connection as well', () => {
    const { accept, arrive, reconnect, account, examples } = setup();
    accept();
    arrive(1);
    arrive(1);
    reconnect();
    arrive(1);
    expect(account()).toMatchObject({ ...clean, doubled: 2 });
    expect(examples()[0]).toBe('ann got inbox 1 doubled');
  });

  it('knows a message that came after a later one', () => {
    const { accept, arrive, account } = setup();
    for (const number of [1, 3, 2]) {
      accept();
      arrive(number);
    }
    expect(account()).toMatchObject({ ...clean, reordered: 1 });
  });

  it('knows a message that was meant for another', () => {
    const { ledger, account } = setup();
    ledger.arrived('ann', 'inbox-of-bob', 1, 0);
    expect(account()).toMatchObject({ ...clean, misled: 1 });
  });

  it('counts anew after a mark, but what is lacking stays lacking', () => {
    const { ledger, accept, arrive, account } = setup();
    for (const number of [1, 2, 2]) {
      accept();
      arrive(number);
    }
    ledger.mark(0);
    expect(account()).toMatchObject({ ...clean, lacking: 1 });
  });
});

describe.each(['plain', 'socketIo'] as const)('the ledger of a %s client', (kind) => {
  it('lets a new connection begin with what an earlier one brought', () => {
    const { accept, arrive, reconnect, account } = setup(kind);
    for (let i = 0; i < 4; i += 1) accept();
    for (const number of [1, 2, 3]) arrive(number);
    reconnect();
    for (const number of [2, 3, 4]) arrive(number);
    expect(account()).toMatchObject({ ...clean, repeated: 2 });
  });

  it('knows a message that one connection brought twice', () => {
    const { accept, arrive, account } = setup(kind);
    accept();
    arrive(1);
    arrive(1);
    expect(account()).toMatchObject({ ...clean, doubled: 1 });
  });

  it('knows a message that one connection brought after a later one', () => {
    const { accept, arrive, account } = setup(kind);
    for (const number of [1, 3, 2]) {
      accept();
      arrive(number);
    }
    expect(account()).toMatchObject({ ...clean, reordered: 1 });
  });

  it('knows a message that a new connection brought after an earlier one brought a later one', () => {
    const { accept, arrive, reconnect, account } = setup(kind);
    for (let i = 0; i < 3; i += 1) accept();
    arrive(1);
    arrive(3);
    reconnect();
    arrive(2);
    arrive(3);
    expect(account()).toMatchObject({ ...clean, reordered: 1, repeated: 1 });
  });

  it('lacks what a new connection left out', () => {
    const { accept, arrive, reconnect, account } = setup(kind);
    for (let i = 0; i < 4; i += 1) accept();
    arrive(1);
    reconnect();
    arrive(3);
    arrive(4);
    expect(account()).toMatchObject({ ...clean, lacking: 1 });
  });
});

describe('the delivery gap', () => {
  it('is the time from acceptance to arrival for a client that waits for one message', () => {
    const { accept, arrive, account } = setup();
    accept(1_000);
    arrive(1, 1_040);
    expect(account(9_000).gapMs).toMatchObject({ count: 1, max: 40 });
  });

  it('is the time between two arrivals while messages wait, not how old they are', () => {
    const { accept, arrive, account } = setup();
    for (const nowMs of [1_000, 1_010, 1_020]) accept(nowMs);
    arrive(1, 1_100);
    arrive(2, 1_150);
    arrive(3, 1_300);
    expect(account(9_000).gapMs.max).toBe(150);
  });

  it('is no time in which nothing was due', () => {
    const { accept, arrive, account } = setup();
    accept(1_000);
    arrive(1, 1_000);
    accept(60_000);
    arrive(2, 60_005);
    expect(account(90_000).gapMs.max).toBe(5);
  });

  it('counts what is still due', () => {
    const { accept, account } = setup();
    accept(1_000);
    expect(account(4_000).gapMs.max).toBe(3_000);
  });

  it('takes a message that arrives before the sender hears of its acceptance as not late', () => {
    const { accept, arrive, account } = setup();
    arrive(1, 1_000);
    accept(1_005);
    expect(account(9_000).gapMs.max).toBe(0);
  });

  it('is told apart for clients that got a new connection', () => {
    const { ledger, accept, arrive, reconnect, account } = setup();
    accept(0);
    arrive(1, 30);
    expect(account(100).movedGapMs.count).toBe(0);
    reconnect();
    expect(account(100).movedGapMs).toMatchObject({ count: 1, max: 30 });
    ledger.mark(0);
    expect(account(100).movedGapMs.count).toBe(0);
  });

  it('of a move is the longest that touches the time around the new connection', () => {
    const { accept, arrive, reconnect, account } = setup();
    accept(1_000);
    arrive(1, 1_900);
    accept(4_000);
    arrive(2, 4_030);
    reconnect(4_500);
    accept(5_400);
    arrive(3, 5_470);
    accept(8_000);
    arrive(4, 8_800);
    expect(account(9_000).gapMs.max).toBe(900);
    expect(account(9_000).moveGapMs).toMatchObject({ count: 1, max: 70 });
  });

  it('of a move counts what began before it and what has not ended', () => {
    const { accept, arrive, reconnect, account } = setup();
    accept(1_000);
    reconnect(6_000);
    expect(account(7_000).moveGapMs.max).toBe(6_000);
    arrive(1, 7_000);
    expect(account(9_000).moveGapMs.max).toBe(6_000);
  });

  it('is told for each move, and forgotten with the window', () => {
    const { ledger, accept, arrive, reconnect, account } = setup();
    for (const nowMs of [1_000, 5_000, 9_000]) {
      reconnect(nowMs);
      accept(nowMs);
      arrive(Math.ceil(nowMs / 4_000), nowMs + nowMs / 100);
    }
    expect(account(20_000).moveGapMs).toMatchObject({ count: 3, p50: 50, max: 90 });
    ledger.mark(20_000);
    expect(account(20_000).moveGapMs.count).toBe(0);
  });
});
