import { describe, expect, it } from '@jest/globals';
import { MessageFrame } from './message-frame.ts';
import { MessageRun } from './message-run.ts';
import { ScriptedLog } from './testing/scripted-log.ts';

function setup(): { run: MessageRun } {
  const log = new ScriptedLog();
  const entries = [log.append(), log.append({ from: 'bob', excludeSender: true }), log.append({ from: 'bob' })];
  return { run: new MessageRun(entries.map((entry) => new MessageFrame(log.key, entry, false))) };
}

describe('a run of messages', () => {
  it('is one buffer for all who get it', () => {
    const { run } = setup();
    expect(run.plain().toString('latin1')).toBe('\x81\x011\x81\x012\x81\x013');
    expect(run.plain()).toBe(run.plain());
    expect(run.for('alice')).toBe(run);
  });

  it('leaves out for the sender what the sender is not to get', () => {
    const { run } = setup();
    expect(run.for('bob')?.frames.map(({ entry }) => entry.data)).toEqual(['1', '3']);
  });

  it('is nothing for a sender who is not to get any of it', () => {
    const log = new ScriptedLog();
    const own = new MessageFrame(log.key, log.append({ from: 'bob', excludeSender: true }), false);
    expect(new MessageRun([own]).for('bob')).toBeNull();
  });
});
