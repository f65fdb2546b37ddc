import { describe, expect, it } from '@jest/globals';
import { LOG_START } from '@flotilla-im/protocol';
import { Follower } from './follower.ts';
import { eventuallyIdle } from './testing/eventually-idle.ts';
import { FakeReceiver } from './testing/fake-receiver.ts';
import { type FollowedView, followedView } from './testing/followed-view.ts';
import { ScriptedLog } from './testing/scripted-log.ts';

function logOf(count: number): ScriptedLog {
  const log = new ScriptedLog();
  for (let i = 0; i < count; i++) log.append();
  return log;
}

function behind({ view }: FollowedView, place = LOG_START): { follower: Follower; receiver: FakeReceiver } {
  const receiver = new FakeReceiver();
  return { receiver, follower: new Follower(view, receiver, place) };
}

/** One that got the first of 21 messages and had no room for the others; the last 8 to 10 are at hand. */
function late(policy: FakeReceiver['policy'], queueBytes = 1_620) {
  const set = followedView(new ScriptedLog(), 256, queueBytes);
  const { follower, receiver } = set.follow();
  receiver.policy = policy;
  for (let i = 0; i < 21; i++) {
    set.notify(set.log.append());
    set.tick.run();
    receiver.hasRoom = false;
  }
  receiver.hasRoom = true;
  return { set, follower, receiver };
}

const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => String(from + i));

describe('catching up', () => {
  it('reads page after page up to the line, then is live', async () => {
    const set = followedView(logOf(10), 3);
    const { follower, receiver } = behind(set);
    set.catchUp.advance(follower);
    await eventuallyIdle();
    expect(receiver.got).toEqual(numbers(1, 10));
    expect(follower.isLive).toBe(true);
    set.notify(set.log.append());
    set.tick.run();
    expect(receiver.got.at(-1)).toBe('11');
  });

  it('needs no read where the latest messages are at hand', () => {
    const set = followedView(logOf(5));
    set.follow('bob');
    for (let i = 0; i < 3; i++) set.notify(set.log.append());
    set.tick.run();
    const { follower, receiver } = behind(set, { generation: 'aaaaaaaaaaaa', offset: 6 });
    set.catchUp.advance(follower);
    expect(receiver.got).toEqual(['7', '8']);
    expect(set.log.reads).toBe(0);
  });

  it('stops while its connection takes no more, and loses nothing', async () => {
    const set = followedView(logOf(6), 2);
    const { follower, receiver } = behind(set);
    set.catchUp.advance(follower);
    receiver.hasRoom = false;
    await eventuallyIdle();
    expect(receiver.waitsToCatchUp).toBe(true);
    receiver.hasRoom = true;
    set.catchUp.advance(follower);
    await eventuallyIdle();
    expect(receiver.got).toEqual(numbers(1, 6));
  });

  it('says that the log jumped where the place is not to be had any more', async () => {
    const log = logOf(10);
    log.trim(3);
    const set = followedView(log);
    const { follower, receiver } = behind(set, { generation: 'aaaaaaaaaaaa', offset: 2 });
    set.catchUp.advance(follower);
    await eventuallyIdle();
    expect(receiver.got).toEqual(['gap', '8', '9', '10']);
  });

  it('shares one read a page among all that stand alike', async () => {
    const set = followedView(logOf(20), 10);
    const all = Array.from({ length: 100 }, () => behind(set));
    for (const { follower } of all) set.catchUp.advance(follower);
    await eventuallyIdle();
    for (const { receiver } of all) expect(receiver.got).toEqual(numbers(1, 20));
    expect(set.log.reads).toBeLessThanOrEqual(4);
  });

  it('ends when the connection is gone', async () => {
    const set = followedView(logOf(6), 2);
    const { follower, receiver } = behind(set);
    set.catchUp.advance(follower);
    follower.isGone = true;
    await eventuallyIdle();
    expect(receiver.got).toEqual([]);
    expect(follower.isLive).toBe(false);
  });

  it('with latest gives a follower that did not keep up the newest message, and tells of nothing', () => {
    const { set, follower, receiver } = late('latest');
    set.catchUp.advance(follower);
    expect(receiver.got).toEqual(['1', '21']);
    expect(receiver.passed).toBe(19);
    expect(follower).toMatchObject({ isLive: true, isLate: false });
    expect(set.log.reads).toBe(0);
  });

  it('with latest reads the newest message where the log has been quiet since', async () => {
    const { set, follower, receiver } = late('latest');
    set.view.cool();
    set.view.cool();
    await set.filler.fill(set.view);
    set.catchUp.advance(follower);
    await eventuallyIdle();
    expect(receiver.got).toEqual(['1', '21']);
    expect(follower.isLive).toBe(true);
  });

  it('with drop-oldest skips what is more than a queue holds, and tells of it once', async () => {
    const { set, follower, receiver } = late('drop-oldest');
    set.catchUp.advance(follower);
    await eventuallyIdle();
    expect(receiver.got).toEqual(['1', 'gap 11', ...numbers(12, 21)]);
    expect(receiver.passed).toBe(10);
    expect(follower).toMatchObject({ isLive: true, isLate: false });
  });

  it('with drop-oldest skips nothing that a queue holds', async () => {
    const { set, follower, receiver } = late('drop-oldest', 1_000_000);
    set.catchUp.advance(follower);
    await eventuallyIdle();
    expect(receiver.got).toEqual(numbers(1, 21));
  });

  it.each(['drop-oldest', 'latest'] as const)('with %s skips nothing of what came before it', async (policy) => {
    const set = followedView(logOf(40), 10, 1_600);
    const { follower, receiver } = behind(set);
    receiver.policy = policy;
    set.catchUp.advance(follower);
    await eventuallyIdle();
    expect(receiver.got).toEqual(numbers(1, 40));
    expect(receiver.passed).toBe(0);
  });

  it('brings a view along whose notifies were lost', async () => {
    const set = followedView(logOf(2));
    set.log.append();
    const { follower, receiver } = behind(set);
    set.catchUp.advance(follower);
    await eventuallyIdle();
    set.tick.run();
    expect(receiver.got).toEqual(['1', '2', '3']);
    expect(follower.isLive).toBe(true);
  });
});
