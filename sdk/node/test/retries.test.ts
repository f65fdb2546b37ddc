import { describe, expect, test } from '@jest/globals';
import { createMemoryStore, type Append, type Appended, type LogStore } from '@flotilla-im/store';
import { FlotillaError, type Flotilla, SendError } from '../src/index.ts';
import { eventually, setup, storeWith } from './setup.ts';

const unavailable = () => new FlotillaError('store_unavailable', 'Redis cannot be reached');

type Behaviour = (append: Append, real: (append: Append) => Promise<Appended>) => Promise<Appended>;

/** A store whose appends are up to the test; each is counted. */
async function failing(behave: Behaviour) {
  const real = createMemoryStore({ cluster: 'chat' });
  const appends: Append[] = [];
  const append: LogStore['append'] = (each) => {
    appends.push(each);
    return behave(each, (one) => real.logs.append(one));
  };
  const { im } = await setup({ store: storeWith(real, { logs: { append } }) });
  return { im, appends };
}

async function dataOf(im: Flotilla, clientId: string): Promise<unknown[]> {
  const data: unknown[] = [];
  for await (const message of im.history.inbox(clientId)) data.push(message.data);
  return data;
}

describe('a failure that passes', () => {
  test('is retried, and the store is told that it is a retry', async () => {
    let failures = 3;
    const { im, appends } = await failing((append, real) =>
      failures-- > 0 ? Promise.reject(unavailable()) : real(append),
    );
    await im.send({ from: 'bob', to: 'alice', data: 1 });
    expect(appends.map(({ isRetry }) => isRetry ?? false)).toEqual([false, true, true, true]);
    expect(new Set(appends.map(({ entry }) => entry)).size).toBe(1);
    expect(await dataOf(im, 'alice')).toEqual([1]);
  });

  test('whose append took effect all the same adds nothing twice', async () => {
    let isFirst = true;
    const { im } = await failing(async (append, real) => {
      const appended = await real(append);
      if (!isFirst) return appended;
      isFirst = false;
      throw unavailable();
    });
    const sent = await im.send({ from: 'bob', to: 'alice', data: 1 });
    expect(await dataOf(im, 'alice')).toEqual([1]);
    expect(sent.outcomes[0]?.messageId).toBe(sent.messageId);
  });

  test('is given up at the deadline, with the failure that was met', async () => {
    const { im } = await failing(() => Promise.reject(unavailable()));
    const error = await im.send({ from: 'bob', to: 'alice', data: 1 }, { deadlineMs: 150 }).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'store_unavailable', retryable: true });
    expect(error).toBeInstanceOf(SendError);
  });

  test('of something that is not sending is retried too', async () => {
    const real = createMemoryStore({ cluster: 'chat' });
    let failures = 2;
    const isOnline = (ids: readonly string[]): Promise<boolean[]> =>
      failures-- > 0 ? Promise.reject(unavailable()) : real.presence.isOnline(ids);
    const { im } = await setup({ store: storeWith(real, { presence: { isOnline } }) });
    expect(await im.presence.online(['alice'])).toEqual([false]);
  });
});

describe('a failure that does not pass', () => {
  test('is not retried', async () => {
    const { im, appends } = await failing(() => Promise.reject(new FlotillaError('key_conflict')));
    await expect(im.send({ from: 'bob', to: 'alice', data: 1, key: 'k' })).rejects.toMatchObject({
      code: 'key_conflict',
    });
    expect(appends).toHaveLength(1);
  });

  test('and is no FlotillaError becomes one, with its cause', async () => {
    const cause = new TypeError('a fault of the store');
    const { im, appends } = await failing(() => Promise.reject(cause));
    const error = (await im.send({ from: 'bob', to: 'alice', data: 1 }).catch((e: unknown) => e)) as SendError;
    expect(error.outcomes).toMatchObject([{ outcome: 'failed', error: { code: 'internal', cause } }]);
    expect(appends).toHaveLength(1);
  });
});

describe('a call that hangs', () => {
  const hang = (): Promise<Appended> => new Promise(() => undefined);

  test('ends at its deadline', async () => {
    const { im } = await failing(hang);
    const sending = im.send({ from: 'bob', to: 'alice', data: 1 }, { deadlineMs: 50 });
    await expect(sending).rejects.toMatchObject({ code: 'timeout', retryable: true });
  });

  test('ends when its signal aborts', async () => {
    const { im } = await failing(hang);
    const controller = new AbortController();
    const sending = im.send({ from: 'bob', to: 'alice', data: 1 }, { signal: controller.signal });
    controller.abort();
    await expect(sending).rejects.toMatchObject({ code: 'aborted', retryable: false });
  });

  test('does not begin when its signal has aborted before', async () => {
    const { im, appends } = await failing(hang);
    await expect(im.send({ from: 'bob', to: 'alice', data: 1 }, { signal: AbortSignal.abort() })).rejects.toMatchObject(
      { code: 'aborted' },
    );
    expect(appends).toEqual([]);
  });

  test('ends when the instance is closed', async () => {
    const { im } = await failing(hang);
    const sending = im.send({ from: 'bob', to: 'alice', data: 1 }, { deadlineMs: 60_000 });
    const outcome = expect(sending).rejects.toMatchObject({ code: 'closed' });
    await im.close();
    await outcome;
  });
});

describe('a live send', () => {
  test('is never repeated', async () => {
    const real = createMemoryStore({ cluster: 'chat' });
    let published = 0;
    const publishLive = (): Promise<boolean> => {
      published += 1;
      return Promise.reject(unavailable());
    };
    const { im } = await setup({ store: storeWith(real, { logs: { publishLive } }) });
    const sending = im.send({ from: null, to: 'alice', data: 1, live: true });
    await expect(sending).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(published).toBe(1);
  });
});

describe('a partly failed send', () => {
  test('tells of each receiver, and the same call with the same key completes it', async () => {
    let isDown = true;
    const { im } = await failing((append, real) =>
      isDown && append.log.id === 'carol' ? Promise.reject(unavailable()) : real(append),
    );
    const message = { from: 'bob', to: ['alice', 'carol', 'dave'], data: 1, key: 'order-42' };
    const error = (await im.send(message, { deadlineMs: 1_500 }).catch((e: unknown) => e)) as SendError;
    expect(error).toMatchObject({ code: 'store_unavailable', retryable: true });
    expect(error.message).toContain('1 of 3 receivers');
    expect(error.outcomes).toMatchObject([
      { clientId: 'alice', outcome: 'appended', messageId: error.messageId },
      { clientId: 'carol', outcome: 'failed', error: { code: 'store_unavailable' } },
      { clientId: 'dave', outcome: 'appended' },
    ]);
    isDown = false;
    const sent = await im.send(message);
    expect(sent.outcomes.map(({ outcome }) => outcome)).toEqual(['duplicate', 'appended', 'duplicate']);
    expect(await Promise.all(['alice', 'carol', 'dave'].map((id) => dataOf(im, id)))).toEqual([[1], [1], [1]]);
  });

  test('has the code of the failure that a repetition cannot mend', async () => {
    const { im } = await failing((append) =>
      Promise.reject(append.log.id === 'alice' ? unavailable() : new FlotillaError('key_conflict')),
    );
    const sending = im.send({ from: 'bob', to: ['alice', 'carol'], data: 1, key: 'k' }, { deadlineMs: 1_500 });
    await expect(sending).rejects.toMatchObject({ code: 'key_conflict', retryable: false });
  });
});

describe('the order of a log', () => {
  test('is that of the calls, while an earlier one is being retried', async () => {
    let failures = 4;
    const { im } = await failing((append, real) =>
      append.log.id === 'alice' && failures-- > 0 ? Promise.reject(unavailable()) : real(append),
    );
    const sends = [1, 2, 3].map((data) => im.send({ from: 'bob', to: 'alice', data }));
    await new Promise((resolve) => setTimeout(resolve, 10));
    sends.push(im.send({ from: 'bob', to: 'alice', data: 4 }));
    await Promise.all(sends);
    expect(await dataOf(im, 'alice')).toEqual([1, 2, 3, 4]);
  });

  test('is that of the calls, also when a later one fails first', async () => {
    let fail: (error: Error) => void = () => undefined;
    const slow = new Promise<Appended>((_, reject) => (fail = reject));
    let isFirst = true;
    const { im, appends } = await failing((append, real) => {
      if (append.isRetry) return real(append);
      if (!isFirst) return Promise.reject(unavailable());
      isFirst = false;
      return slow;
    });
    const sends = [1, 2, 3].map((data) => im.send({ from: 'bob', to: 'alice', data }));
    // Longer than the pause before a retry.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(appends).toHaveLength(3);
    fail(unavailable());
    await Promise.all(sends);
    expect(await dataOf(im, 'alice')).toEqual([1, 2, 3]);
  });

  test('waits for no earlier call that succeeds late, and for none that fails for good', async () => {
    let succeed: () => void = () => undefined;
    const late = new Promise<void>((resolve) => (succeed = resolve));
    let calls = 0;
    const { im } = await failing(async (append, real) => {
      if (append.isRetry) return real(append);
      calls += 1;
      if (calls === 1) throw new FlotillaError('key_conflict');
      if (calls === 2) await late;
      if (calls === 3) throw unavailable();
      return real(append);
    });
    const refused = expect(im.send({ from: 'bob', to: 'alice', data: 1 })).rejects.toMatchObject({
      code: 'key_conflict',
    });
    const sends = [2, 3].map((data) => im.send({ from: 'bob', to: 'alice', data }));
    await refused;
    succeed();
    await Promise.all(sends);
    expect(await dataOf(im, 'alice')).toEqual([2, 3]);
  });

  test('of one log makes no other log wait', async () => {
    const { im } = await failing((append, real) =>
      append.log.id === 'alice' ? Promise.reject(unavailable()) : real(append),
    );
    const givingUp = new AbortController();
    const stuck = im.send({ from: 'bob', to: 'alice', data: 1 }, { signal: givingUp.signal, deadlineMs: 60_000 });
    const refused = expect(stuck).rejects.toMatchObject({ code: 'aborted' });
    await im.send({ from: 'bob', to: 'carol', data: 1 });
    givingUp.abort();
    await refused;
  });

  test('goes on after a call that was given up, and what was given up is not sent later', async () => {
    let isDown = true;
    const { im, appends } = await failing((append, real) => {
      if (!isDown) return real(append);
      return append.isRetry ? new Promise(() => undefined) : Promise.reject(unavailable());
    });
    const givingUp = new AbortController();
    const first = im.send({ from: 'bob', to: 'alice', data: 1 }, { signal: givingUp.signal, deadlineMs: 60_000 });
    const refused = expect(first).rejects.toMatchObject({ code: 'aborted' });
    await eventually(() => expect(appends).toHaveLength(2));
    const late = im.send({ from: 'bob', to: 'alice', data: 2 }, { deadlineMs: 60 });
    await expect(late).rejects.toMatchObject({ code: 'store_unavailable', retryable: true });
    await expect(late).rejects.toThrow('never sent');
    isDown = false;
    givingUp.abort();
    await refused;
    await im.send({ from: 'bob', to: 'alice', data: 3 });
    expect(await dataOf(im, 'alice')).toEqual([3]);
    expect(appends.some(({ entry }) => entry.endsWith('2'))).toBe(false);
  });
});
