import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { exampleRun } from './example-run.ts';
import { lookOf, widthOf } from './terminal.ts';
import { formatOutcome, Timeline } from './timeline.ts';

const bare = { columns: 100, isColoured: false };

function setup(columns = 100) {
  const told: string[] = [];
  const clock = { s: 0 };
  const output = { write: (text: string) => told.push(text) };
  const timeline = new Timeline(output, { look: { ...bare, columns }, faults: 9, nowS: () => clock.s });
  const text = (): string => told.join('');
  return { timeline, clock, text };
}

describe('the timeline of a chaos run', () => {
  it('has a line for each event with its time, and what belongs to a fault stands below it', () => {
    const { timeline, clock, text } = setup();
    timeline.note('600 clients are connected');
    clock.s = 12.44;
    timeline.fault('kill-shard', 'begin', 'shard 1');
    timeline.fault('kill-shard', 'end', 'shard 1');
    clock.s = 115.93;
    timeline.note('whole again after 3.5 s');
    expect(text()).toBe(
      [
        '    0.0 s  600 clients are connected',
        '   12.4 s  fault 1 of 9: kill-shard, shard 1',
        '   12.4 s    kill-shard is over',
        '  115.9 s    whole again after 3.5 s',
        '',
      ].join('\n'),
    );
  });

  it('breaks a line that is wider than the terminal, and goes on below its text', () => {
    const { timeline, text } = setup(50);
    timeline.note(`served again ${'by shard after shard '.repeat(4)}`);
    const lines = text().trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(1);
    expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(50);
    expect(lines.slice(1).every((line) => line.startsWith(`${' '.repeat(11)}by`) || /^ {11}\S/u.test(line))).toBe(true);
  });

  it('lets no name steer the terminal', () => {
    const { timeline, text } = setup();
    timeline.fault('\u001B[2Jgone\u001B]0;title\u0007', 'begin', 'one\r\ntwo');
    expect(text()).toBe('    0.0 s  fault 1 of 9: gone, one two\n');
  });

  it('ends with the figures beside their bounds, the verdict, the report and the command', () => {
    const { run, verdict } = exampleRun();
    const text = formatOutcome(run, verdict, '/reports/chaos.html', bare).replaceAll(/ +/gu, ' ');
    expect(text).toContain('✓ lost, flotilla.v1 0 ≤ 0 in each of 9 phases\n');
    expect(text).toMatch(/✓ delivery gap of moved clients, p99 [\d.]+ ms ≤ 100 ms in \S+/u);
    expect(text).toContain('✓ Passed. Nothing was lost');
    expect(text).toContain('report /reports/chaos.html');
    expect(text).toContain(`again ${run.command}`);
  });

  it('marks each figure that missed its bound, and tells what was violated', () => {
    const { run, verdict } = exampleRun(true);
    const text = formatOutcome(run, verdict, '/reports/chaos.html', bare).replaceAll(/ +/gu, ' ');
    expect(text).toContain('✗ lost, flotilla.v1 209 ≤ 0 in kill-shard');
    expect(text).toContain('✗ lost (kill-shard): message 17 of sender-0.1');
    expect(text).toContain('… and 206 more');
    expect(text).toContain('✗ Failed. 212 violations; 3 of 147 bounds missed.');
  });

  it('is coloured on a terminal alone, and not against NO_COLOR', () => {
    expect(lookOf({ isTTY: true, columns: 90 }, {})).toEqual({ columns: 90, isColoured: true });
    expect(lookOf({ isTTY: true, columns: 90 }, { NO_COLOR: '1' }).isColoured).toBe(false);
    expect(lookOf({}, {})).toEqual({ columns: Infinity, isColoured: false });
    const { run, verdict } = exampleRun(true);
    const coloured = formatOutcome(run, verdict, 'x', { columns: 100, isColoured: true });
    expect(coloured).not.toBe(stripVTControlCharacters(coloured));
    expect(stripVTControlCharacters(coloured)).toBe(formatOutcome(run, verdict, 'x', bare));
  });
});
