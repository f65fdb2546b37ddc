import { expect, test } from '@jest/globals';
import { createMemoryStore } from '@flotilla-im/store';
import type { Flotilla, HistoryPage } from '../src/index.ts';
import { setup, take } from './setup.ts';

async function filled(count: number, maxCount = 10_000) {
  const store = createMemoryStore({ cluster: 'chat', logs: { maxCount } });
  const { im } = await setup({ store });
  const positions: string[] = [];
  for (let data = 1; data <= count; data += 1) {
    const { outcomes } = await im.send({ from: 'bob', to: 'alice', data });
    positions.push(outcomes[0]?.position ?? '');
  }
  return { im, positions };
}

async function pagesOf(im: Flotilla, options: object): Promise<HistoryPage[]> {
  const pages: HistoryPage[] = [];
  for await (const page of im.history.inbox('alice', options).pages()) pages.push(page);
  return pages;
}

test('reads everything kept, by pages', async () => {
  const { im } = await filled(25);
  const pages = await pagesOf(im, { pageSize: 10 });
  expect(pages.map(({ messages }) => messages.length)).toEqual([10, 10, 5]);
  expect(pages.flatMap(({ messages }) => messages.map(({ data }) => data))).toEqual(
    Array.from({ length: 25 }, (_, i) => i + 1),
  );
  expect(pages.every(({ recovered }) => recovered)).toBe(true);
});

test('reads on from a position, and not more than asked for', async () => {
  const { im, positions } = await filled(25);
  const data: unknown[] = [];
  for await (const each of im.history.inbox('alice', { after: positions[9], limit: 12, pageSize: 5 }))
    data.push(each.data);
  expect(data).toEqual(Array.from({ length: 12 }, (_, i) => i + 11));
  const rest = im.history.inbox('alice', { after: positions[24] });
  expect(await take(rest, 1)).toEqual([]);
});

test('says when messages after the position are gone', async () => {
  const { im, positions } = await filled(25, 10);
  const [page] = await pagesOf(im, { after: positions[0] });
  expect(page).toMatchObject({ recovered: false, start: positions[14] });
  expect(page?.messages.map(({ data }) => data)).toEqual(Array.from({ length: 10 }, (_, i) => i + 16));
  const [known] = await pagesOf(im, { after: positions[14] });
  expect(known?.recovered).toBe(true);
});

test('says so too for a position of an unknown generation, from the future, and with nothing to read', async () => {
  const { im } = await filled(2);
  for (const after of ['ffffffffffff.1', '0.7']) {
    const [page] = await pagesOf(im, { after });
    expect(page?.recovered).toBe(false);
  }
  const pages: HistoryPage[] = [];
  for await (const page of im.history.inbox('nobody', { after: 'ffffffffffff.1' }).pages()) pages.push(page);
  expect(pages).toMatchObject([{ messages: [], recovered: false }]);
});

test('of nobody is empty', async () => {
  const { im } = await filled(1);
  expect(await take(im.history.inbox('nobody'), 1)).toEqual([]);
  expect(await take(im.history.channel('nothing'), 1)).toEqual([]);
});

test('can be walked twice', async () => {
  const { im } = await filled(3);
  const history = im.history.inbox('alice');
  expect(await take(history, 10)).toEqual(await take(history, 10));
});
