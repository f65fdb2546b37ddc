// The rows are those of the table in src/freeim/index.ts.
import { describe, expect, test } from '@jest/globals';
import { setupIm } from './setup-im.ts';

describe('row 10: membership', () => {
  test('outlives connections', async () => {
    const { im, shard } = await setupIm();
    await im.joinChan(7, 'news', '', null, 'sport');
    await shard.disconnect('7', await shard.connect('7'));
    expect((await im.getChanListByClientId(7)).sort()).toEqual(['news', 'sport']);
  });
});

describe('row 11: leaveChan', () => {
  test('takes a client and channels, or a channel and clients', async () => {
    const { im } = await setupIm();
    for (const id of [7, 8, 9, 'x']) await im.joinChan(id, 'news', 'sport');
    await im.leaveChan(7, 'news', '', 'sport');
    await im.leaveChan('news', 8, '9');
    await im.leaveChan({ clientId: 'x' }, 'sport');
    await im.leaveChan('sport');
    expect(await im.getChanClientList('news')).toEqual(['x']);
    expect((await im.getChanClientList('sport')).sort()).toEqual(['8', '9']);
  });
});

describe('row 12: channels', () => {
  test('count members, and clearing keeps the counts right', async () => {
    const { im, shard } = await setupIm();
    await shard.connect('7');
    for (const id of [7, 8, 9]) await im.joinChan(id, 'news');
    expect(await im.getChanList()).toEqual([{ chan: 'news', online: 3 }]);
    expect(await im.getChanOnline('news')).toBe(3);
    expect(await im.getChanOnline('nothing')).toBe(0);
    await im.clearChanClient('news');
    expect([await im.getChanOnline('news'), await im.getChanClientList('news')]).toEqual([1, ['7']]);
    await im.leaveChan('news', 8, 7);
    expect(await im.getChanList()).toEqual([]);
  });
});
