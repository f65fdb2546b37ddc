import { describe, expect, it } from '@jest/globals';
import { LOG_START, type Position } from '@flotilla-im/protocol';
import type { Cursors } from '@flotilla-im/store';
import { ClientRecord } from '../connections/client-record.ts';
import { connectionSetup, openConnection } from '../connections/testing/connection-setup.ts';
import { Follower } from '../delivery/follower.ts';
import { LogView } from '../delivery/log-view.ts';
import { CursorWriter } from './cursor-writer.ts';
import type { Incarnation } from './incarnation.ts';

const bounds = { frames: 1, bytes: 1 };
const at = (offset: number): Position => ({ generation: 'aaaaaaaaaaaa', offset });

function setup(device?: string, chance = 0) {
  const clock = { ms: 100_000 };
  const store = { batches: [] as { clientId: string; cursors: Cursors }[][], fails: false };
  const timers: { run: () => void; ms: number }[] = [];
  const writer = new CursorWriter({
    presence: {
      storeCursors: (_incarnation, batch) => {
        if (store.fails) return Promise.reject(new Error('away'));
        store.batches.push([...batch]);
        return Promise.resolve('stored');
      },
    },
    incarnation: { under: (task: (id: string) => unknown) => task('i1') } as unknown as Incarnation,
    nowMs: () => clock.ms,
    chance: () => chance,
    setTimer: (run, ms) => void timers.push({ run, ms }),
    onFailure: () => undefined,
  });
  const { connection } = openConnection(connectionSetup(device === undefined ? {} : { device }));
  connection.record = new ClientRecord('alice', new LogView({ kind: 'inbox', id: 'alice' }, bounds));
  const inbox = new Follower(connection.record.inbox, connection, LOG_START);
  const news = new Follower(new LogView({ kind: 'channel', id: 'news' }, bounds), connection, LOG_START);
  connection.followers = [inbox, news];
  const acknowledge = (offset: number): void => {
    inbox.acknowledged = at(offset);
    news.acknowledged = at(offset);
    writer.moved(connection);
  };
  return { writer, store, clock, acknowledge, timers };
}

describe('the writer of cursors', () => {
  it('stores the first cursor after a pause with the next batch, then one every half second', async () => {
    const { writer, store, clock, acknowledge } = setup();
    acknowledge(1);
    await writer.write();
    acknowledge(2);
    await writer.write();
    expect(store.batches).toEqual([[{ clientId: 'alice', cursors: { device: null, inbox: at(1) } }]]);
    clock.ms += 500;
    await writer.write();
    expect(store.batches).toHaveLength(2);
  });

  it('stores channels of a named device only, and those every ten seconds', async () => {
    const { writer, store, clock, acknowledge } = setup('phone');
    acknowledge(1);
    await writer.write();
    clock.ms += 500;
    acknowledge(2);
    await writer.write();
    clock.ms += 9_500;
    acknowledge(3);
    await writer.write();
    expect(store.batches.map(([entry]) => entry?.cursors.channels)).toEqual([
      { news: at(1) },
      undefined,
      { news: at(3) },
    ]);
  });

  it('stores the last channel cursors in time although nothing moves any more', async () => {
    const { writer, store, clock, acknowledge, timers } = setup('phone');
    acknowledge(1);
    await writer.write();
    clock.ms += 500;
    acknowledge(2);
    await writer.write();
    clock.ms += 10_000;
    timers.find(({ ms }) => ms === 500)?.run();
    await writer.write();
    expect(store.batches.at(-1)?.[0]?.cursors.channels).toEqual({ news: at(2) });
  });

  it('looks for channel cursors that are due until there are none, with one timer at a time', async () => {
    const { writer, store, clock, acknowledge, timers } = setup('phone');
    const looks = (): typeof timers => timers.filter(({ ms }) => ms === 500);
    acknowledge(1);
    await writer.write();
    clock.ms += 500;
    acknowledge(2);
    await writer.write();
    clock.ms += 9_000;
    acknowledge(3);
    await writer.write();
    expect(looks()).toHaveLength(1);
    looks().at(-1)?.run();
    expect(looks()).toHaveLength(2);
    clock.ms += 500;
    looks().at(-1)?.run();
    expect(looks()).toHaveLength(2);
    await writer.write();
    expect(store.batches.at(-1)?.[0]?.cursors.channels).toEqual({ news: at(3) });
  });

  it('stores the second channel cursors early, at a time of chance, so that all that come at once are not due at once', async () => {
    const { writer, store, clock, acknowledge } = setup('phone', 0.7);
    acknowledge(1);
    await writer.write();
    for (const [offset, afterMs] of [
      [2, 2_900],
      [3, 500],
      [4, 9_500],
      [5, 500],
    ] as const) {
      clock.ms += afterMs;
      acknowledge(offset);
      await writer.write();
    }
    expect(store.batches.map(([entry]) => entry?.cursors.channels?.['news']?.offset)).toEqual([
      1,
      undefined,
      3,
      undefined,
      5,
    ]);
  });

  it('tries again what the store did not take', async () => {
    const { writer, store, clock, acknowledge } = setup();
    store.fails = true;
    acknowledge(1);
    await writer.write();
    store.fails = false;
    clock.ms += 500;
    await writer.write();
    expect(store.batches).toHaveLength(1);
  });

  it('writes nothing when nothing moved', async () => {
    const { writer, store } = setup();
    await writer.write();
    expect(store.batches).toEqual([]);
  });
});
