import { describe, expect, it } from '@jest/globals';
import { LOG_START, type Position } from '@flotilla-im/protocol';
import type { LogSlice } from '@flotilla-im/store';
import { Filler } from './filler.ts';
import { FlushTick } from './flush-tick.ts';
import { Follower } from './follower.ts';
import { LogReader } from './log-reader.ts';
import { LogView } from './log-view.ts';
import { eventuallyIdle } from './testing/eventually-idle.ts';
import { FakeReceiver } from './testing/fake-receiver.ts';
import { ScriptedLog } from './testing/scripted-log.ts';

/** A reader whose reads see the log when they begin, and answer when the test says so. */
function setup(log = new ScriptedLog()) {
  const answers: (() => void)[] = [];
  const reader = new LogReader((_key, after) => {
    const slice = log.read(after);
    return new Promise<LogSlice>((resolve) => answers.push(() => resolve(slice)));
  });
  const view = new LogView(log.key, { frames: 8, bytes: 1_000_000 });
  view.open(log.meta());
  const page = (after: Position) => reader.page(view, after);
  const answer = async (): Promise<void> => {
    answers.shift()?.();
    await eventuallyIdle();
  };
  const filler = new Filler((of, after) => reader.page(of, after), new FlushTick(() => undefined));
  return { log, view, page, answer, answers, filler };
}

const at = (offset: number): Position => ({ generation: 'aaaaaaaaaaaa', offset });

describe('the reader of logs', () => {
  it('reads a log once at a time', async () => {
    const { log, page, answer, answers } = setup();
    log.append();
    const pages = Promise.all([page(LOG_START), page(at(1))]);
    expect(answers).toHaveLength(1);
    await answer();
    expect(answers).toHaveLength(1);
    await answer();
    expect((await pages).map(({ frames }) => frames.length)).toEqual([1, 0]);
  });

  it('answers who asked while a read ran by a newer one, where that read came to the end', async () => {
    const { log, page, answer } = setup();
    log.append();
    const first = page(LOG_START);
    const second = page(LOG_START);
    log.append();
    await answer();
    await answer();
    expect((await first).meta.last).toBe(1);
    expect((await second).meta.last).toBe(2);
  });

  it('passes failures on to all who wait, and goes on', async () => {
    const log = new ScriptedLog();
    let fails = true;
    const reader = new LogReader((_key, after) =>
      fails ? Promise.reject(new Error('closing')) : Promise.resolve(log.read(after)),
    );
    const view = new LogView(log.key, { frames: 8, bytes: 1 });
    await expect(reader.page(view, LOG_START)).rejects.toThrow('closing');
    fails = false;
    expect((await reader.page(view, LOG_START)).frames).toEqual([]);
  });
});

describe('filling a view', () => {
  it('ends with a read that began after it was asked for', async () => {
    const { log, view, filler, answer, answers } = setup();
    log.append();
    void filler.fill(view);
    log.append();
    void filler.fill(view);
    await answer();
    expect(view.line.offset).toBe(1);
    expect(answers).toHaveLength(1);
    await answer();
    expect(view.line.offset).toBe(2);
  });

  it('takes no jump from a read that late notifies have overtaken', async () => {
    const { log, view, filler, answer } = setup();
    view.offer(log.append());
    const late = [log.append(), log.append()];
    log.trim(1);
    const filling = filler.fill(view);
    const receiver = new FakeReceiver();
    view.attach(new Follower(view, receiver, at(1)));
    for (const entry of late) expect(view.offer(entry)).toBe('appended');
    await answer();
    await answer();
    await filling;
    view.flush();
    expect(receiver.got).toEqual(['2', '3']);
  });
});
