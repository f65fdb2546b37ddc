import { describe, expect, it } from '@jest/globals';
import { LOG_START } from '@flotilla-im/protocol';
import { LogPage } from './log-page.ts';
import { LogView } from './log-view.ts';
import { MessageFrame } from './message-frame.ts';
import { MessageRun } from './message-run.ts';
import { eventuallyIdle } from './testing/eventually-idle.ts';
import { followedView } from './testing/followed-view.ts';
import { ScriptedLog } from './testing/scripted-log.ts';

describe('the view of a log', () => {
  it('gives a notified message to all its followers, as one run', () => {
    const { follow, notify, log, tick } = followedView();
    const [a, b] = [follow('alice').receiver, follow('bob').receiver];
    notify(log.append());
    notify(log.append());
    tick.run();
    expect([a.got, b.got]).toEqual([
      ['1', '2'],
      ['1', '2'],
    ]);
    expect(a.runs[0]).toBe(b.runs[0]);
    expect(log.reads).toBe(0);
  });

  it('gives a message once that is notified twice', () => {
    const { follow, notify, log, tick } = followedView();
    const { receiver } = follow();
    const entry = log.append();
    notify(entry);
    notify(entry);
    tick.run();
    notify(entry);
    tick.run();
    expect(receiver.got).toEqual(['1']);
  });

  it('reads the log when the offset is not the next one', async () => {
    const { follow, notify, log, tick } = followedView();
    const { receiver } = follow();
    log.append();
    notify(log.append());
    await eventuallyIdle();
    tick.run();
    expect(receiver.got).toEqual(['1', '2']);
    expect(log.reads).toBe(1);
  });

  it('loses nothing that is notified while a read is under way, in whatever order', async () => {
    const { follow, notify, log, tick } = followedView();
    const { receiver } = follow();
    log.append();
    notify(log.append());
    const [third, fourth] = [log.append(), log.append()];
    notify(fourth);
    notify(third);
    await eventuallyIdle();
    tick.run();
    expect(receiver.got).toEqual(['1', '2', '3', '4']);
  });

  it('goes on without a gap when a replica that has everything takes over', async () => {
    const { follow, notify, log, tick } = followedView();
    const { receiver } = follow();
    notify(log.append());
    log.failOver(0);
    notify(log.append());
    await eventuallyIdle();
    tick.run();
    expect(receiver.got).toEqual(['1', '2']);
  });

  it('tells its followers that the log jumped when its end was lost, and gives what came instead', async () => {
    const { follow, notify, log, tick } = followedView();
    const { receiver } = follow();
    notify(log.append());
    notify(log.append());
    tick.run();
    log.failOver(1);
    notify(log.append());
    await eventuallyIdle();
    tick.run();
    expect(receiver.got).toEqual(['1', '2', 'gap', '3']);
  });

  it('gives nothing twice when a replica takes over that knows nothing of the last generation', async () => {
    const { follow, notify, log, tick } = followedView();
    const { receiver } = follow();
    notify(log.append());
    log.failOver(0);
    notify(log.append());
    await eventuallyIdle();
    tick.run();
    log.failOver(1, 'cccccccccccc');
    notify(log.append());
    await eventuallyIdle();
    tick.run();
    expect(receiver.got).toEqual(['1', '2', 'gap', '3']);
  });

  it('tells its followers that the log jumped when it was trimmed beyond them', async () => {
    const { follow, notify, log, tick } = followedView();
    const { receiver } = follow();
    for (let i = 0; i < 5; i++) log.append();
    log.trim(2);
    notify(log.append());
    await eventuallyIdle();
    tick.run();
    expect(receiver.got).toEqual(['gap', '4', '5', '6']);
  });

  it('takes no member behind its join, where the log begins again from its start', async () => {
    const { view, follow, notify, log, tick, catchUp } = followedView();
    for (let i = 0; i < 3; i++) notify(log.append());
    tick.run();
    const { follower, receiver } = follow();
    follower.joinedAt = { generation: 'aaaaaaaaaaaa', offset: 2 };
    view.absorb(view.line, LogPage.of(log.key, { ...log.read(LOG_START), recovered: false }));
    tick.run();
    expect(receiver.waitsToCatchUp).toBe(true);
    catchUp.advance(follower);
    await eventuallyIdle();
    expect(receiver.got).toEqual(['gap', '3']);
    expect(follower.isLive).toBe(true);
  });

  it('keeps what is notified before its first read', () => {
    const log = new ScriptedLog();
    const early = log.append();
    const view = new LogView(log.key, { frames: 8, bytes: 1_000 });
    expect(view.offer(early)).toBe('kept');
    expect(view.open({ generations: [], last: 0, head: 1, life: 'fefefefefefe' })).toBe('appended');
    expect(view.line).toMatchObject({ offset: 1 });
  });

  it('in doubt whether the store lost everything takes no message for the first one before it has read', () => {
    const life = 'fefefefefefe';
    const log = new ScriptedLog();
    const view = new LogView(log.key, { frames: 8, bytes: 1_000 });
    view.open({ generations: [], last: 0, head: 1, life });
    expect(view.line).toEqual({ generation: life, offset: 0 });
    view.doubt();
    const { doubts } = view;
    view.doubt();
    view.clear(doubts);
    // That read began before the last doubt.
    const first = log.append();
    expect(view.offer(first)).toBe('gap');
    view.clear(view.doubts);
    expect(view.offer(first)).toBe('appended');
  });

  it('takes a follower that says no off the live ones, at its place, and disturbs no other', () => {
    const { follow, notify, log, tick } = followedView();
    const [slow, fast] = [follow('slow'), follow('fast')];
    notify(log.append());
    tick.run();
    slow.receiver.hasRoom = false;
    notify(log.append());
    tick.run();
    expect(slow.follower.isLive).toBe(false);
    expect(slow.follower.place).toMatchObject({ offset: 1 });
    expect(slow.receiver.fellBehindCount).toBe(1);
    expect(fast.receiver.got).toEqual(['1', '2']);
  });

  it('gives a live message behind what is pending, to live followers with room only', () => {
    const { follow, notify, log, view } = followedView();
    const [slow, fast] = [follow('slow'), follow('fast')];
    notify(log.append());
    slow.receiver.hasRoom = false;
    const typing = new MessageFrame(log.key, new ScriptedLog().append({ data: 'typing' }), true);
    const dropped = view.pass(new MessageRun([typing]));
    expect(fast.receiver.got).toEqual(['1', 'typing']);
    expect(dropped).toBe(0);
    expect(slow.receiver.got).toEqual([]);
  });

  it('keeps messages at hand without the bytes that were written', () => {
    const { follow, notify, log, view, tick } = followedView();
    const { receiver } = follow();
    const written: Buffer[] = [];
    const take = receiver.take.bind(receiver);
    receiver.take = (run) => written.push(run.v1()) > 0 && take(run);
    notify(log.append());
    tick.run();
    const [kept] = view.after(LOG_START, 1) ?? [];
    expect(kept?.v1()).toEqual(written[0]);
    expect(kept?.v1()).not.toBe(written[0]);
  });

  it('forgets its messages when it was quiet, and knows its line still', () => {
    const { notify, log, tick, view, follow } = followedView();
    notify(log.append());
    tick.run();
    view.cool();
    expect(view.after(LOG_START, 1)).toHaveLength(1);
    view.cool();
    expect(view.after(LOG_START, 1)).toBeNull();
    const { receiver } = follow();
    notify(log.append());
    tick.run();
    expect(receiver.got).toEqual(['2']);
  });
});
