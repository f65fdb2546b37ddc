import { describe, expect, it } from '@jest/globals';
import { encodeEntry } from '@flotilla-im/store';
import { append, inbox, message } from '../../conformance/given.ts';
import { eventually } from '../../support/eventually.ts';
import { useRedis } from './redis-store-setup.ts';

const alice = inbox('alice');
const fixture = useRedis();

describe('a first attempt that arrives after its own retry', () => {
  it('is known by its message id and not appended again', async () => {
    const { url } = await fixture.redis();
    const store = await fixture.store(url);
    const entry = encodeEntry(message({ messageId: 'm-1' }));
    const retried = await store.logs.append({ log: alice, entry, notify: 'publish', isRetry: true });
    await append(store, alice);
    const late = await store.logs.append({ log: alice, entry, notify: 'publish' });
    expect(late).toMatchObject({ outcome: 'duplicate', position: retried.position });
    expect(await append(store, alice)).toMatchObject({ outcome: 'appended', position: { offset: 3 } });
  });

  it('is appended once when Redis was stopped between them', async () => {
    const redis = await fixture.redis();
    const store = await fixture.store(redis.url);
    // Of a machine that stalls: what has to be answered is asked by the one that is patient.
    const hasty = await eventually(() => fixture.store(redis.url, { commandTimeoutMs: 300 }));
    await append(store, alice);
    const entry = encodeEntry(message({ messageId: 'm-2' }));
    redis.pause();
    await expect(hasty.logs.append({ log: alice, entry, notify: 'publish' })).rejects.toMatchObject({
      code: 'store_unavailable',
      retryable: true,
    });
    redis.resume();
    const retry = () => store.logs.append({ log: alice, entry, notify: 'publish', isRetry: true });
    await eventually(retry);
    const { entries } = await store.logs.read(alice, null);
    expect(entries.filter(({ messageId }) => messageId === 'm-2')).toHaveLength(1);
  });
});
