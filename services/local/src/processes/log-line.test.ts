import { describe, expect, test } from '@jest/globals';
import { readLogLine } from './log-line.ts';

describe('a line of a child’s output', () => {
  test.each([
    [
      '{"level":"warn","msg":"store unreachable, the map stays","error":"gone"}',
      'store unreachable, the map stays (gone)',
    ],
    ['{"level":50,"msg":"failed","err":{"message":"no"}}', 'failed (no)'],
    ['{"level":"info","msg":"shard ready"}', null],
    ['# a Redis banner', null],
  ])('%s on stdout is shown as %j', (line, shown) => {
    expect(readLogLine(line, false).warning).toBe(shown);
  });

  test('of plain text on stderr is shown', () => {
    expect(readLogLine('FLOTILLA_PORT is missing.', true).warning).toBe('FLOTILLA_PORT is missing.');
    expect(readLogLine('', true).warning).toBeNull();
    expect(readLogLine('    at main (main.ts:1:1)', true).warning).toBeNull();
    expect(readLogLine('(node:7) [DEP1] DeprecationWarning: old', true).warning).toBeNull();
  });

  test('of JSON gives its fields', () => {
    expect(readLogLine('{"ready":true,"port":9100}', false).fields).toEqual({ ready: true, port: 9100 });
    expect(readLogLine('{ broken', false).fields).toEqual({});
  });
});
