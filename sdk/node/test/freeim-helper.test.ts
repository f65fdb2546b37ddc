// The rows are those of the table in src/freeim/index.ts.
import { afterEach, describe, expect, test } from '@jest/globals';
import { createMemoryStore, type Store } from '@flotilla-im/store';
import { createImHelper } from '../src/freeim/index.ts';
import { TOKEN_KEYS } from './setup.ts';

const helpers: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(helpers.splice(0).map((helper) => helper.close().catch(() => undefined)));
});

describe('row 15: ImHelper', () => {
  const options = (store: Store) => ({ store, tokenKeys: TOKEN_KEYS });

  test('has to be initialized first', () => {
    const helper = createImHelper();
    expect(() => helper.instance).toThrow(expect.objectContaining({ code: 'closed' }));
    expect(() => helper.hasOnline(7)).toThrow(expect.objectContaining({ code: 'closed' }));
  });

  test('forwards to its client, and a second initialization replaces it', async () => {
    const helper = createImHelper();
    helpers.push(helper);
    const stores = ['a', 'b'].map((cluster) => createMemoryStore({ cluster })) as [Store, Store];
    await helper.initialization(options(stores[0]));
    const before = helper.instance;
    await helper.joinChan(7, 'news');
    expect(await helper.getChanOnline('news')).toBe(1);
    await helper.initialization(options(stores[1]));
    expect(await helper.getChanOnline('news')).toBe(0);
    await expect(before.getChanOnline('news')).rejects.toMatchObject({ code: 'closed' });
  });
});
