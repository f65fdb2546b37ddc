import { describe, expect, it } from '@jest/globals';
import { LOG_START, type TokenClaims } from '@flotilla-im/protocol';
import { Follower } from '../delivery/follower.ts';
import { MessageFrame } from '../delivery/message-frame.ts';
import { MessageRun } from '../delivery/message-run.ts';
import { followedView } from '../delivery/testing/followed-view.ts';
import { ScriptedLog } from '../delivery/testing/scripted-log.ts';
import { connectionSetup, openConnection } from './testing/connection-setup.ts';

function live(data: string): MessageRun {
  const log = new ScriptedLog();
  return new MessageRun([new MessageFrame(log.key, log.append({ data }), true)]);
}

/** A connection that waits for its welcome. */
function resuming(claims: Partial<TokenClaims> = {}, queueBytes = 10_000) {
  const setup = connectionSetup(claims, 'v1', queueBytes);
  const { connection, tick, transport } = setup;
  connection.resume({});
  const open = (): string[] => {
    connection.phase = 'open';
    connection.opened();
    tick.run();
    return transport.out;
  };
  return { ...setup, open };
}

describe('a live message for a connection that does not follow its inbox yet', () => {
  it('is kept until the welcome, each once and in order', () => {
    const { connection, open } = resuming();
    for (const data of ['1', '2']) expect(connection.takeUnfollowed(live(data))).toBe(true);
    expect(open()).toEqual(['1', '2']);
    expect(open()).toEqual(['1', '2']);
  });

  it('is dropped where 64 wait, or more than a queue holds', () => {
    const many = resuming({}, 1_000_000);
    const taken = Array.from({ length: 65 }, () => many.connection.takeUnfollowed(live('')));
    expect(taken.filter(Boolean)).toHaveLength(64);
    const small = resuming();
    expect(small.connection.takeUnfollowed(live('x'.repeat(9_000)))).toBe(true);
    expect(small.connection.takeUnfollowed(live('x'.repeat(1_000)))).toBe(false);
    expect(small.open()).toHaveLength(1);
  });

  it('is left to the connection that this one continues', () => {
    const { connection, open } = resuming({ continues: 'c0' });
    expect(connection.takeUnfollowed(live('1'))).toBe(true);
    expect(open()).toEqual([]);
  });

  it('passes older messages that are still being read for it', () => {
    const setup = openConnection(connectionSetup(), [
      new Follower(followedView().view, connectionSetup().connection, LOG_START),
    ]);
    expect(setup.connection.takeUnfollowed(live('1'))).toBe(true);
    setup.tick.run();
    expect(setup.transport.out).toEqual(['1']);
  });

  it('is not given twice to one that follows it', () => {
    const { view } = followedView();
    const setup = connectionSetup();
    const follower = new Follower(view, setup.connection, LOG_START);
    openConnection(setup, [follower]);
    view.attach(follower);
    const run = live('1');
    view.pass(run);
    expect(setup.connection.takeUnfollowed(run)).toBe(true);
    setup.tick.run();
    expect(setup.transport.out).toEqual(['1']);
  });

  it('is not for one that has not asked to be served, or is closing', () => {
    const { connection, transport, tick } = connectionSetup();
    expect(connection.takeUnfollowed(live('1'))).toBe(true);
    tick.run();
    expect(transport.out).toEqual([]);
  });
});
