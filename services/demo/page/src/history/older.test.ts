import { describe, expect, it } from '@jest/globals';
import { Older } from './older.ts';

/** A past whose pages hold so many messages of the conversation that is scrolled, each before the other. */
function setup(pages: readonly number[]) {
  const asked: string[] = [];
  let count = 0;
  const older = new Older({
    ask: (channel, before) => {
      asked.push(`${channel ?? 'inbox'} ${before}`);
      const at = Number(before.slice(2));
      count += pages[at] ?? 0;
      return Promise.resolve({ messages: [], before: at + 1 < pages.length ? `g.${at + 1}` : null });
    },
    take: () => undefined,
    count: () => count,
  });
  return { older, asked };
}

describe('what is older', () => {
  it('is loaded a page at a time, until its beginning is there', async () => {
    const { older, asked } = setup([3, 3]);
    expect(older.hasMore('#Harbour')).toBe(false);
    older.begin('Harbour', 'g.0');
    await older.load('#Harbour');
    expect(older.hasMore('#Harbour')).toBe(true);
    await older.load('#Harbour');
    expect(older.hasMore('#Harbour')).toBe(false);
    await older.load('#Harbour');
    expect(asked).toEqual(['Harbour g.0', 'Harbour g.1']);
  });

  it('is looked for in the inbox until there is something of this conversation', async () => {
    const { older, asked } = setup([0, 0, 2, 2]);
    older.begin(null, 'g.0');
    await older.load('@Bob');
    expect(asked).toEqual(['inbox g.0', 'inbox g.1', 'inbox g.2']);
    expect(older.hasMore('@Carol')).toBe(true);
  });

  it('is asked for once, however often somebody scrolls, and from where it ended after a reconnect', async () => {
    const { older, asked } = setup([1, 1, 1]);
    older.begin('Harbour', 'g.0');
    await Promise.all([older.load('#Harbour'), older.load('#Harbour')]);
    older.begin('Harbour', 'g.0');
    await older.load('#Harbour');
    expect(asked).toEqual(['Harbour g.0', 'Harbour g.1']);
  });
});
