import { describe, expect, it } from '@jest/globals';
import type { Position } from '@flotilla-im/protocol';
import { LogPage } from '../delivery/log-page.ts';
import { LogView } from '../delivery/log-view.ts';
import { ScriptedLog } from '../delivery/testing/scripted-log.ts';
import { startChannel } from './channel-start.ts';

const at = (offset: number, generation = 'aaaaaaaaaaaa'): Position => ({ generation, offset });

function setup(count: number): {
  log: ScriptedLog;
  start: (owed: Position | null, joinedAt: Position | null) => unknown;
} {
  const log = new ScriptedLog({ kind: 'channel', id: 'news' });
  for (let i = 0; i < count; i++) log.append();
  return {
    log,
    async start(owed, joinedAt) {
      const view = new LogView(log.key, { frames: 8, bytes: 1_000 });
      view.open(log.meta());
      const readPage = (_view: LogView, after: Position) => Promise.resolve(LogPage.of(log.key, log.read(after)));
      const { place, page, recovered } = await startChannel(view, { owed, joinedAt }, readPage);
      return { place, recovered, first: page?.frames[0]?.entry.offset ?? null };
    },
  };
}

describe('where a member begins in a channel', () => {
  it('is the position it brings', async () => {
    expect(await setup(5).start(at(3), at(1))).toEqual({ place: at(3), recovered: true, first: 4 });
  });

  it('is its join, when it brings none', async () => {
    expect(await setup(5).start(null, at(2))).toEqual({ place: at(2), recovered: true, first: 3 });
  });

  it('is never before its join', async () => {
    expect(await setup(5).start(at(1), at(4))).toEqual({ place: at(4), recovered: true, first: 5 });
  });

  it('needs no read at the tail', async () => {
    const { log, start } = setup(5);
    expect(await start(at(5), at(1))).toEqual({ place: at(5), recovered: true, first: null });
    expect(log.reads).toBe(0);
  });

  it('is the tail in the broadcast channel, for who has no position', async () => {
    expect(await setup(5).start(null, null)).toEqual({ place: at(5), recovered: true, first: null });
  });

  it('is told as not recovered when the position is from the future or of an unknown generation', async () => {
    expect(await setup(5).start(at(9), at(1))).toMatchObject({ recovered: false });
    expect(await setup(5).start(at(2, 'cccccccccccc'), at(1))).toMatchObject({ recovered: false });
  });

  it('is its join, when the log has lost the position it brings', async () => {
    expect(await setup(5).start(at(2, 'cccccccccccc'), at(3))).toEqual({ place: at(3), recovered: false, first: 4 });
  });

  it('is its join, and nothing is lost, for who was there before the latest read of a log that was empty then', async () => {
    const log = new ScriptedLog({ kind: 'channel', id: 'news' });
    const view = new LogView(log.key, { frames: 8, bytes: 1_000 });
    view.open(log.meta());
    for (let i = 0; i < 3; i++) view.offer(log.append());
    const start = await startChannel(view, { owed: at(1), joinedAt: at(2) }, () => Promise.reject(new Error('a read')));
    expect(start).toEqual({ place: at(2), page: null, recovered: true });
  });

  it('is told as not recovered when what follows was trimmed, but not to who is owed nothing', async () => {
    const { log, start } = setup(9);
    log.trim(2);
    expect(await start(at(3), at(1))).toEqual({ place: at(7), recovered: false, first: 8 });
    expect(await start(null, at(1))).toEqual({ place: at(7), recovered: true, first: 8 });
  });
});
