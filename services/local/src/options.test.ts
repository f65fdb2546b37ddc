import { describe, expect, test } from '@jest/globals';
import { parseOptions } from './options.ts';
import { Problem } from './problem.ts';

describe('the options of npm start', () => {
  test('have a default each', () => {
    expect(parseOptions([])).toEqual({
      shards: 3,
      port: 8080,
      isPortFixed: false,
      shardPort: 9100,
      isShardPortFixed: false,
      redisUrl: null,
      cluster: null,
      isMemory: false,
      isJson: false,
      isHelp: false,
    });
  });

  test('may ask for one port and no other', () => {
    expect(parseOptions(['--port', '3000', '--shard-port=4000'])).toMatchObject({
      port: 3000,
      isPortFixed: true,
      shardPort: 4000,
      isShardPortFixed: true,
    });
  });

  test('are told wrong all at once, in sentences', () => {
    expect(() => parseOptions(['--shards', '0', '--port', 'http', '--redis', 'localhost'])).toThrow(
      new Problem(
        [
          '--shards takes a whole number from 1 to 32; it was given "0".',
          '--port takes a whole number from 1 to 65535; it was given "http".',
          '--redis takes an address like redis://127.0.0.1:6379 (or rediss://, redis+cluster://, redis+sentinel://).',
          'npm start -- --help lists the options.',
        ].join('\n'),
      ),
    );
  });

  test.each([[['--nope']], [['5']], [['--memory', '--redis', 'redis://h']], [['--cluster', 'a b']]])(
    '%j is refused',
    (args) => {
      expect(() => parseOptions(args)).toThrow(Problem);
    },
  );
});
