import { describe, expect, it } from '@jest/globals';
import { MessageFrame } from './message-frame.ts';
import { ScriptedLog } from './testing/scripted-log.ts';

function v1Of(frame: MessageFrame): unknown {
  return JSON.parse(
    frame
      .v1()
      .subarray(frame.v1()[1] === 126 ? 4 : 2)
      .toString(),
  );
}

describe('the frame of a message', () => {
  it('is a message with position for flotilla.v1, and the bare data for a plain WebSocket', () => {
    const log = new ScriptedLog();
    const frame = new MessageFrame(log.key, log.append({ from: 'böb', data: '{"text":"hi"}' }), false);
    expect(v1Of(frame)).toEqual({
      type: 'message',
      position: 'aaaaaaaaaaaa.1',
      id: 'm1',
      from: 'böb',
      at: 1_001,
      data: { text: 'hi' },
    });
    expect(frame.plain().subarray(2).toString()).toBe('{"text":"hi"}');
  });

  it('names its channel', () => {
    const log = new ScriptedLog({ kind: 'channel', id: 'a "quoted" one' });
    expect(v1Of(new MessageFrame(log.key, log.append(), false))).toMatchObject({ channel: 'a "quoted" one' });
  });

  it('is raw text on a plain WebSocket and a JSON string in flotilla.v1, when the message is text', () => {
    const log = new ScriptedLog();
    const frame = new MessageFrame(log.key, log.append({ format: 'text', data: 'say "hi"' }), false);
    expect(frame.plain().subarray(2).toString()).toBe('say "hi"');
    expect(v1Of(frame)).toMatchObject({ data: 'say "hi"' });
  });

  it('has neither position nor time when it is live', () => {
    const log = new ScriptedLog();
    expect(v1Of(new MessageFrame(log.key, log.append({ data: 'true' }), true))).toEqual({
      type: 'live',
      id: 'm1',
      from: null,
      data: true,
    });
  });

  it('is built once', () => {
    const log = new ScriptedLog();
    const frame = new MessageFrame(log.key, log.append(), false);
    expect(frame.v1()).toBe(frame.v1());
    expect(frame.plain()).toBe(frame.plain());
  });

  it('is built again, alike, when its bytes were let go of', () => {
    const log = new ScriptedLog();
    const frame = new MessageFrame(log.key, log.append(), false);
    const built = [frame.v1(), frame.plain()];
    frame.forgetBytes();
    expect([frame.v1(), frame.plain()]).toEqual(built);
    expect(frame.v1()).not.toBe(built[0]);
  });
});
