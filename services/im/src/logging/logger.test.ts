import { describe, expect, it } from '@jest/globals';
import { createLogger } from './logger.ts';

describe('the log of a shard', () => {
  it('is lines of JSON that name the cluster and the shard', () => {
    const lines: string[] = [];
    const logger = createLogger('chat', 2, 'info', { write: (line: string) => void lines.push(line) });
    logger.info({ clientId: 'alice' }, 'client connected');
    logger.debug('not shown');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      level: 'info',
      cluster: 'chat',
      shard: 2,
      clientId: 'alice',
      msg: 'client connected',
    });
  });
});
