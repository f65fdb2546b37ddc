import { expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Child, ChildEnd, ChildSpec } from '../processes/child.ts';
import { makeStateFolder, stateFolder } from '../state/state-folder.ts';
import { type PrivateRedisDeps, startPrivateRedis } from './private-redis.ts';

const PROGRAM = { kind: 'program', program: { path: '/usr/bin/redis-server', env: {}, title: 'Redis 7' } } as const;

/** Port 6380 was free when it was looked at, and is another's Redis when ours gets there. */
async function setup() {
  const root = await mkdtemp(join(tmpdir(), 'flotilla-redis-'));
  const state = stateFolder(root, undefined);
  await makeStateFolder(state);
  const started: string[][] = [];
  const child = (ended: Promise<ChildEnd>): Child => ({ name: 'redis', pid: 1, ended, stop() {}, kill() {} });
  const isLate = ({ args }: ChildSpec): boolean => args.includes('6380');
  const deps: PrivateRedisDeps = {
    state,
    environment: {},
    isPortFree: (port) => Promise.resolve(port !== 6380 || started.length === 0),
    ask: (port, command) =>
      Promise.resolve(command === 'PING' ? '+PONG\r\n' : `*2\r\n${port === 6380 ? '/elsewhere' : state.redisData}\r\n`),
    system: { run: () => Promise.reject(new Error('no container here')) } as unknown as PrivateRedisDeps['system'],
    start(spec) {
      started.push([...spec.args]);
      return child(isLate(spec) ? Promise.resolve({ code: 1, how: 'ended with code 1' }) : new Promise(() => {}));
    },
    keep() {},
    onEnd() {},
    nowMs: () => performance.now(),
  };
  return { state, deps, started, remove: () => rm(root, { recursive: true }) };
}

it('takes the next port when somebody else was quicker, and does not take their Redis for its own', async () => {
  const { state, deps, started, remove } = await setup();
  const { url } = await startPrivateRedis(PROGRAM, 'folder', 6380, deps);
  expect(url).toBe('redis://127.0.0.1:6381');
  expect(started).toHaveLength(2);
  expect(JSON.parse(await readFile(state.redis, 'utf8'))).toEqual({ port: 6381 });
  await remove();
});
