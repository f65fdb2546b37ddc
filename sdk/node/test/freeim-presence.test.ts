// The rows are those of the table in src/freeim/index.ts.
import { describe, expect, test } from '@jest/globals';
import { eventually } from './setup.ts';
import { setupIm } from './setup-im.ts';

describe('row 1: ids', () => {
  test('are numbers, bigints or texts, and come back as texts', async () => {
    const { im, shard } = await setupIm();
    await shard.connect('7');
    expect(await im.hasOnline([7, 7n, '7', 8])).toEqual([true, true, true, false]);
    expect(await im.getClientListByOnline()).toEqual(['7']);
    await im.joinChan(9007199254740993n, 'news');
    expect(await im.getChanClientList('news')).toEqual(['9007199254740993']);
  });

  test('0 and null are the system as sender, and nobody elsewhere', async () => {
    const { im, flotilla } = await setupIm();
    for (const system of [0, 0n, '0', null]) await im.sendMessage(system, [7], 'x');
    const senders: unknown[] = [];
    for await (const { from } of flotilla.history.inbox('7')) senders.push(from);
    expect(senders).toEqual([null, null, null, null]);
    await expect(im.prevConnectServer(0)).rejects.toMatchObject({ code: 'bad_client_id' });
    await expect(im.sendMessage(7, [0], 'x')).rejects.toMatchObject({ code: 'bad_client_id' });
  });

  test('beyond 2^53 are refused as numbers', async () => {
    const { im } = await setupIm();
    await expect(im.hasOnline(2 ** 53)).rejects.toMatchObject({ code: 'bad_client_id' });
  });
});

describe('row 3: the address', () => {
  test('is complete, and another one each time', async () => {
    const { im } = await setupIm();
    const [a, b] = await Promise.all([im.prevConnectServer(7, { ip: '::1' }), im.prevConnectServer(7)]);
    expect(a).toMatch(/^ws:\/\/127\.0\.0\.1:7000\/s\/[01]\/ws\?token=[\w.-]+$/);
    expect(a).not.toBe(b);
  });
});

describe('row 7: online', () => {
  test('is told one by one, for many in order, and for none', async () => {
    const { im, shard } = await setupIm();
    const connection = await shard.connect('7');
    expect(await im.hasOnline(7)).toBe(true);
    expect(await im.hasOnline([])).toEqual([]);
    expect(await im.hasOnline(null)).toEqual([]);
    await shard.disconnect('7', connection, 60_000);
    expect(await im.hasOnline(7)).toBe(true);
  });
});

describe('row 8: forceOffline', () => {
  test('asks all connections to close, and says how many', async () => {
    const { im, shard, store } = await setupIm();
    await shard.connect('7');
    await shard.connect('7');
    expect(await im.forceOffline(7)).toBe(2);
    expect((await store.presence.refresh('7')).disconnects).toMatchObject([
      { reason: 'disconnect' },
      { reason: 'disconnect' },
    ]);
  });
});

describe('row 9: eventBus', () => {
  test('tells of first and last connections, with the metadata', async () => {
    const { im, shard } = await setupIm();
    const seen: unknown[] = [];
    const bus = im.eventBus(
      (clientId, metadata) => void seen.push(['online', clientId, metadata]),
      (clientId, metadata) => void seen.push(['offline', clientId, metadata]),
    );
    await bus.ready;
    const first = await shard.connect('7', { metadata: 'meta' });
    const second = await shard.connect('7', { metadata: 'meta' });
    await shard.disconnect('7', first);
    await shard.disconnect('7', second);
    const expected = [
      ['online', '7', 'meta'],
      ['offline', '7', 'meta'],
    ];
    await eventually(() => expect(seen).toEqual(expected));
  });

  test('tells of each connection when asked to', async () => {
    const { im, shard } = await setupIm();
    const seen: string[] = [];
    const note = (what: string) => () => void seen.push(what);
    const bus = im.eventBus(note('online'), note('offline'), { perConnection: true });
    await bus.ready;
    await shard.connect('7');
    await shard.disconnect('7', await shard.connect('7'));
    await eventually(() => expect(seen).toEqual(['online', 'online', 'offline']));
  });

  test('survives callbacks that throw, and tells of them', async () => {
    const errors: unknown[] = [];
    const { im, shard } = await setupIm({ onError: (error) => void errors.push(error) });
    const seen: string[] = [];
    const bus = im.eventBus(
      (clientId) => {
        if (clientId === '7') throw new Error('not this one');
        seen.push(clientId);
      },
      () => undefined,
    );
    await bus.ready;
    await shard.connect('7');
    await shard.connect('8');
    await eventually(() => expect([seen, errors.length > 0]).toEqual([['8'], true]));
  });
});
