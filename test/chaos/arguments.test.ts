import { describe, expect, it } from '@jest/globals';
import { listed, parseArguments } from './arguments.ts';
import { CASES } from './campaign/cases.ts';
import { FAULTS } from './faults/faults.ts';

const output = { reports: 'chaos-reports', isJson: false, isKept: false };

describe('the command line of the chaos run', () => {
  it('asks for a full campaign of any seed when it is empty', () => {
    expect(parseArguments([])).toEqual({ task: 'campaign', seed: null, steps: null, seconds: null, output });
  });

  it('reads faults one after another, and those that happen at once', () => {
    const given = parseArguments(['--faults', 'scale,kill-shard+kill-sender', '--seed', '7']);
    const steps = given.task === 'campaign' ? given.steps?.map((kinds) => kinds.map(({ name }) => name)) : null;
    expect(steps).toEqual([['scale'], ['kill-shard', 'kill-sender']]);
    expect(given).toMatchObject({ task: 'campaign', seed: 7 });
  });

  it('reads a case, its length, and where results go', () => {
    const given = parseArguments(['--case', 'soak', '--minutes', '5', '--report', 'there', '--json', '--keep']);
    const there = { reports: 'there', isJson: true, isKept: true };
    expect(given).toEqual({ task: 'case', name: 'soak', seed: null, minutes: 5, output: there });
  });

  it.each([
    ['an unknown option', ['--nothing']],
    ['an unknown fault', ['--faults', 'nothing']],
    ['faults that need different topologies', ['--faults', 'redis-failover,redis-stall']],
    ['an unknown case', ['--case', 'nothing']],
    ['an unknown mutant', ['--mutant', 'nothing']],
    ['a seed that is no number', ['--seed', 'x']],
    ['a word that is no option', ['scale']],
    ['two tasks at once', ['--case', 'soak', '--faults', 'scale']],
    ['minutes of something else than the soak', ['--minutes', '5']],
  ])('refuses %s', (_, args) => {
    expect(() => parseArguments(args)).toThrow();
  });

  it('lists every fault and every case', () => {
    for (const { name } of [...FAULTS, ...CASES]) expect(listed()).toContain(`  ${name} `);
  });
});
