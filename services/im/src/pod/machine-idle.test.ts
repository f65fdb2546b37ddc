import { describe, expect, it } from '@jest/globals';
import { MachineIdle } from './machine-idle.ts';

/** Answers to looks at a machine whose processors counted this since it started. */
function answers(...lines: string[]): (number | null)[] {
  const texts = [...lines];
  const idle = new MachineIdle(() => `${texts.shift() ?? ''}\ncpu0 1 1 1 1\nintr 5\n`);
  return lines.map(() => idle.share());
}

describe('what a machine leaves idle', () => {
  it('is the part of the time since four looks ago, guests counted once, and what waits for disks not idle', () => {
    const [from, to] = ['cpu  100 0 50 800 10 0 0 20 100 0', 'cpu  140 10 60 810 20 5 5 40 140 0'];
    expect(answers(from, from, from, from, to)).toEqual([null, null, null, null, 10 / 110]);
  });

  it('is not known where the system does not say, or nothing was counted', () => {
    expect(answers('', 'cpu', 'cpu  1 2', '', '')).toEqual([null, null, null, null, null]);
    const same = 'cpu  1 1 1 1 1 1 1 1';
    expect(answers(same, same, same, same, same).at(-1)).toBeNull();
    const idle = new MachineIdle(() => {
      throw new Error('ENOENT');
    });
    expect(idle.share()).toBeNull();
  });
});
