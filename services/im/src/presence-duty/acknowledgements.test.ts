import { describe, expect, it } from '@jest/globals';
import { LOG_START } from '@flotilla-im/protocol';
import { connectionSetup, openConnection } from '../connections/testing/connection-setup.ts';
import { Follower } from '../delivery/follower.ts';
import { eventuallyIdle } from '../delivery/testing/eventually-idle.ts';
import { followedView } from '../delivery/testing/followed-view.ts';
import { ScriptedLog } from '../delivery/testing/scripted-log.ts';
import { Acknowledgements } from './acknowledgements.ts';

function setup(log = new ScriptedLog()) {
  const view = followedView(log);
  const set = connectionSetup();
  const follower = new Follower(view.view, set.connection, LOG_START);
  openConnection(set, [follower]);
  const moved = { count: 0 };
  const acknowledgements = new Acknowledgements({ filler: view.filler, onMoved: () => void (moved.count += 1) });
  const acknowledge = (offset: number, generation = 'aaaaaaaaaaaa') =>
    acknowledgements.acknowledge(set.connection, { inbox: { generation, offset } });
  return { ...view, ...set, follower, moved, acknowledge, acknowledgements };
}

describe('acknowledgements', () => {
  it('move the cursor forward, never back', () => {
    const { log, notify, acknowledge, follower, moved } = setup();
    notify(log.append());
    notify(log.append());
    acknowledge(2);
    acknowledge(1);
    expect(follower.acknowledged).toMatchObject({ offset: 2 });
    expect(moved.count).toBe(1);
  });

  it('are taken for what came over another connection before this pod heard of it', async () => {
    const { log, acknowledge, follower, transport } = setup();
    log.append();
    acknowledge(1);
    await eventuallyIdle();
    expect(follower.acknowledged).toMatchObject({ offset: 1 });
    expect(transport.closedWith).toBeNull();
  });

  it('end the connection with 4504 when the position was never given out', async () => {
    const { log, notify, acknowledge, transport } = setup();
    notify(log.append());
    acknowledge(2);
    await eventuallyIdle();
    expect(transport.closedWith).toMatchObject({ code: 4504, reason: { reason: 'bad_position' } });
  });

  it('are passed over for places that the log lost meanwhile', async () => {
    const { log, notify, acknowledge, follower, transport } = setup();
    notify(log.append());
    notify(log.append());
    log.failOver(2);
    notify(log.append());
    await eventuallyIdle();
    acknowledge(2);
    await eventuallyIdle();
    expect(transport.closedWith).toBeNull();
    expect(follower.acknowledged).toBeNull();
  });

  it('take a confirmed mark for the positions it stood for', () => {
    const { log, notify, connection, follower, acknowledgements } = setup();
    notify(log.append());
    acknowledgements.confirmed(connection, [{ follower, position: { generation: 'aaaaaaaaaaaa', offset: 1 } }]);
    expect(follower.acknowledged).toMatchObject({ offset: 1 });
  });

  describe('of what business was told is lost', () => {
    const CHANNEL = { kind: 'channel', id: 'news' } as const;
    const START = { generation: 'bbbbbbbbbbbb', offset: 0 };

    it('a channel goes on there, at once', () => {
      const { connection, follower, acknowledgements, moved } = setup(new ScriptedLog(CHANNEL));
      connection.channelCursorsAtMs = 1_000;
      acknowledgements.told(connection, { follower, position: START });
      expect(follower.acknowledged).toEqual(START);
      expect(connection.channelCursorsAtMs).toBeLessThan(0);
      expect(moved.count).toBe(1);
    });

    it('a channel stays where its client has come meanwhile, unless that is lost again', () => {
      const { log, notify, connection, follower, acknowledgements } = setup(new ScriptedLog(CHANNEL));
      notify(log.append());
      const meanwhile = { generation: 'aaaaaaaaaaaa', offset: 1 };
      acknowledgements.confirmed(connection, [{ follower, position: meanwhile }]);
      acknowledgements.told(connection, { follower, position: START });
      expect(follower.acknowledged).toEqual(meanwhile);
      follower.acknowledged = { generation: 'cccccccccccc', offset: 5 };
      acknowledgements.told(connection, { follower, position: START });
      expect(follower.acknowledged).toEqual(START);
    });

    it('an inbox confirms nothing by that', () => {
      const { connection, follower, acknowledgements, moved } = setup();
      acknowledgements.told(connection, { follower, position: START });
      expect(follower.acknowledged).toBeNull();
      expect(moved.count).toBe(0);
    });
  });
});
