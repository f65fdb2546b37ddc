import { describe, expect, it } from '@jest/globals';
import { LOG_START } from '@flotilla-im/protocol';
import { FrameRing } from './frame-ring.ts';
import { MessageFrame } from './message-frame.ts';
import { ScriptedLog } from './testing/scripted-log.ts';

function setup(count: number, frames = 8): { log: ScriptedLog; ring: FrameRing } {
  const log = new ScriptedLog();
  const ring = new FrameRing(LOG_START, { frames, bytes: 1_000_000 });
  for (let i = 0; i < count; i++) ring.push(new MessageFrame(log.key, log.append(), false));
  return { log, ring };
}

const at = (offset: number, generation = 'aaaaaaaaaaaa') => ({ generation, offset });
const dataOf = (frames: readonly MessageFrame[] | null) => frames?.map(({ entry }) => entry.data) ?? null;

describe('the ring of a log', () => {
  it('gives what comes after a position', () => {
    const { ring } = setup(4);
    expect(dataOf(ring.after(LOG_START, 1_000_000))).toEqual(['1', '2', '3', '4']);
    expect(dataOf(ring.after(at(3), 1_000_000))).toEqual(['4']);
    expect(dataOf(ring.after(at(4), 1_000_000))).toEqual([]);
  });

  it('gives at least one message, and no more than the weight asked for', () => {
    const { ring } = setup(4);
    expect(dataOf(ring.after(LOG_START, 1))).toEqual(['1']);
    expect(dataOf(ring.after(LOG_START, 350))).toEqual(['1', '2']);
  });

  it('knows no position of another generation, from the future, or before what it keeps', () => {
    const { ring } = setup(40, 8);
    expect(ring.after(at(40, 'cccccccccccc'), 1)).toBeNull();
    expect(ring.after(at(41), 1)).toBeNull();
    expect(ring.after(at(5), 1)).toBeNull();
  });

  it('keeps between its bound and a quarter more', () => {
    const { ring } = setup(1_000, 8);
    const kept = [...Array(1_001).keys()].filter((offset) => ring.after(at(offset), 1) !== null);
    expect(kept.length).toBeGreaterThanOrEqual(9);
    expect(kept.length).toBeLessThanOrEqual(11);
  });

  it('keeps no more bytes than it may, but always the last message', () => {
    const log = new ScriptedLog();
    const ring = new FrameRing(LOG_START, { frames: 8, bytes: 1_000 });
    for (let i = 0; i < 4; i++) ring.push(new MessageFrame(log.key, log.append({ data: 'x'.repeat(5_000) }), false));
    expect(ring.after(at(3), 1)).toHaveLength(1);
    expect(ring.after(at(2), 1)).toBeNull();
  });
});
