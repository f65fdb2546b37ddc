import { describe, expect, it } from '@jest/globals';
import { FailureLog } from './failure-log.ts';

describe('the log of failures', () => {
  it('says the first of a kind, and how many were left out when it says the next', () => {
    const lines: unknown[] = [];
    const clock = { ms: 0 };
    const log = new FailureLog({ warn: (fields: object) => void lines.push(fields) }, () => clock.ms);
    for (let i = 0; i < 5; i++) log.note('away', 'read');
    log.note('away', 'map');
    clock.ms = 5_000;
    log.note('away', 'read');
    expect(lines).toEqual([
      { err: 'away', what: 'read', suppressed: 0 },
      { err: 'away', what: 'map', suppressed: 0 },
      { err: 'away', what: 'read', suppressed: 4 },
    ]);
  });
});
