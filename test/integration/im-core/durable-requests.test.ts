import { expect, it } from '@jest/globals';
import { eventually } from '../../support/eventually.ts';
import { startRedis } from '../redis-harness.ts';
import { startPods, until } from './pods.ts';

it('what a client sends is answered when a replica has it, else as retryable; the same id completes it, once', async () => {
  const settings = { 'repl-ping-replica-period': '1' };
  const pods = await startPods({ store: 'redis', durableReplicas: 1, settings });
  const { redis } = pods;
  const replica = await startRedis({ settings: { replicaof: `${redis?.host ?? ''} ${redis?.port ?? 0}` } });
  try {
    await eventually(async () =>
      expect(await redis?.command('INFO', 'replication')).toMatch(/state=online,offset=[1-9]/u),
    );
    const alice = await pods.welcomed('alice', { grants: { send: ['bob'] } });
    const bob = await pods.welcomed('bob');
    replica.pause();
    const send = { type: 'send', id: 's1', to: 'bob', data: 'hi' };
    await alice.say(send);
    await until(() => alice.of('reply').length === 1);
    expect(alice.of('reply')).toMatchObject([{ re: 's1', ok: false, code: 'unconfirmed' }]);
    replica.resume();
    // Retryable as long as the replica has not caught up.
    await eventually(async () => {
      const replies = alice.of('reply').length;
      await alice.say(send);
      await until(() => alice.of('reply').length > replies);
      expect(alice.of('reply').at(-1)).toMatchObject({ re: 's1', ok: true });
    });
    expect(bob.data()).toEqual(['hi']);
  } finally {
    await pods.close();
    await replica.stop();
  }
});
