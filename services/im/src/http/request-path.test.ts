import { describe, expect, it } from '@jest/globals';
import { parseRequestPath } from './request-path.ts';

describe('a path of a pod', () => {
  it.each([
    ['/ws?token=a.b', { shard: null, route: 'ws', query: 'token=a.b' }],
    ['/s/3/ws', { shard: 3, route: 'ws', query: '' }],
    ['/s/0/socket.io/?EIO=4&transport=polling', { shard: 0, route: 'socketio', query: 'EIO=4&transport=polling' }],
    ['/socket.io', { shard: null, route: 'socketio', query: '' }],
    ['/s/12/healthz', { shard: 12, route: 'healthz', query: '' }],
    ['/readyz', { shard: null, route: 'readyz', query: '' }],
    ['/metrics?x', { shard: null, route: 'metrics', query: 'x' }],
    ['/', { shard: null, route: 'unknown', query: '' }],
    ['/s/03/ws', { shard: null, route: 'unknown', query: '' }],
    ['/s/-1/ws', { shard: null, route: 'unknown', query: '' }],
    ['/s/1', { shard: null, route: 'unknown', query: '' }],
    ['/wsx', { shard: null, route: 'unknown', query: '' }],
    ['', { shard: null, route: 'unknown', query: '' }],
  ])('%s', (target, path) => {
    expect(parseRequestPath(target)).toEqual(path);
  });
});
