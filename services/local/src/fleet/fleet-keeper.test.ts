import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Fleet } from '@flotilla-im/operator/local';
import { FleetKeeper } from './fleet-keeper.ts';
import { type ShardHost, shardUrl } from './shard-host.ts';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

interface Hand {
  readonly id: number;
  readonly port: number;
  readonly serve: () => void;
  readonly end: () => void;
}

/** Shards that become ready and end when the test says so; draining ends them. */
function setup() {
  const hands: Hand[] = [];
  const told: Fleet[] = [];
  const calls: string[] = [];
  const host: ShardHost = {
    start(id, port) {
      const { promise: ready, resolve: serve } = Promise.withResolvers<undefined>();
      const { promise: ended, resolve: end } = Promise.withResolvers<string>();
      hands.push({ id, port, serve: () => serve(undefined), end: () => end('ended with code 1') });
      const gone = (how: string) => () => {
        calls.push(`${how} ${id}`);
        if (how === 'kill' || id !== 9) end(how);
      };
      return { url: shardUrl(id, port), ready, ended, drain: gone('drain'), kill: gone('kill') };
    },
  };
  const keeper = new FleetKeeper({
    host,
    portOf: (id) => Promise.resolve(5_000 + id),
    publish: (fleet) => Promise.resolve(void told.push(fleet)),
    onEvent: () => {},
    nowMs: () => Date.now(),
  });
  const pass = (ms: number): Promise<void> => jest.advanceTimersByTimeAsync(ms);
  const shard = (id: number) => told.at(-1)?.shards.find((one) => one.id === id);
  return { keeper, hands, told, calls, pass, shard };
}

describe('the keeper of shards', () => {
  test('starts as many as are wanted, and tells of each when it serves', async () => {
    const { keeper, hands, told, pass, shard } = setup();
    await keeper.setDesired(2);
    expect(told.at(-1)).toMatchObject({ desired: 2, shards: [{ present: true, ready: false }, { ready: false }] });
    hands[1]!.serve();
    await pass(0);
    expect(shard(1)).toEqual({ id: 1, url: 'ws://127.0.0.1:5001/s/1', present: true, ready: true, deleting: false });
  });

  test('tells at once of one that ended by itself, and starts it again under its old address', async () => {
    const { keeper, hands, pass, shard } = setup();
    await keeper.setDesired(1);
    hands[0]!.serve();
    await pass(0);
    hands[0]!.end();
    await pass(0);
    expect(shard(0)).toMatchObject({ present: false, ready: false });
    await pass(500);
    expect(shard(0)).toMatchObject({ present: true, ready: false, url: 'ws://127.0.0.1:5000/s/0' });
    expect(hands).toHaveLength(2);
  });

  test('knows a crash that follows another within ten minutes', async () => {
    const { keeper, hands, pass } = setup();
    await keeper.setDesired(1);
    const seen: boolean[] = [];
    for (const ms of [120_000, 600_000, 0]) {
      hands.at(-1)!.end();
      await pass(0);
      seen.push(keeper.crashedAgain(0));
      await pass(ms);
    }
    expect(seen).toEqual([false, true, false]);
  });

  test('wants fewer without ending anybody: the map goes first', async () => {
    const { keeper, calls, told } = setup();
    await keeper.setDesired(3);
    await keeper.setDesired(1);
    expect(calls).toEqual([]);
    expect(told.at(-1)).toMatchObject({ desired: 1, shards: [{}, {}, {}] });
  });

  test('marks one that leaves, drains it, and starts it anew', async () => {
    const { keeper, calls, pass, shard } = setup();
    await keeper.setDesired(1);
    await keeper.markDeleting(0);
    expect(shard(0)).toMatchObject({ present: true, deleting: true });
    await keeper.stop(0, 1_000);
    await pass(60_000);
    expect(calls).toEqual(['drain 0']);
    expect(shard(0)).toMatchObject({ present: false, deleting: true });
    await keeper.startAgain(0);
    expect(shard(0)).toMatchObject({ present: true, deleting: false });
  });

  test('kills one that does not end in time', async () => {
    const { keeper, calls, pass } = setup();
    await keeper.setDesired(10);
    const stopped = keeper.stop(9, 1_000);
    await pass(1_000);
    await stopped;
    expect(calls).toEqual(['drain 9', 'kill 9']);
  });

  test('does not tell of the end of everything: nothing is to be lent then', async () => {
    const { keeper, told } = setup();
    await keeper.setDesired(2);
    const count = told.length;
    await keeper.close(1_000);
    expect(told).toHaveLength(count);
  });
});
