import type { Flotilla, HistoryMessage, HistoryOptions } from '@flotilla-im/sdk';
import { describe, expect, it } from '@jest/globals';
import { createPast } from './past.ts';

/** A channel whose log keeps the messages `from` to `to`; of those that `others` names nothing is shown. */
function setup(from: number, to: number, others: readonly number[] = []) {
  const read: HistoryOptions[] = [];
  const messageOf = (n: number): HistoryMessage => ({
    position: `g.${n}`,
    messageId: `m${n}`,
    from: 'Anna',
    at: n,
    format: 'json',
    data: others.includes(n) ? { kind: 'put-out' } : { kind: 'text', text: `word ${n}`, key: `key-${n}` },
  });
  const channel = (_: string, options: HistoryOptions = {}) => {
    read.push(options);
    const after = Number(options.after?.slice(2) ?? from - 1);
    const start = Math.max(after, from - 1);
    const end = Math.min(to, start + (options.limit ?? Infinity));
    const messages = Array.from({ length: Math.max(0, end - start) }, (_each, i) => messageOf(start + 1 + i));
    const page = { messages, start: `g.${start}`, recovered: start === after };
    return { pages: () => [page], [Symbol.iterator]: () => messages.values() };
  };
  const past = createPast({ history: { channel } } as unknown as Flotilla);
  const ask = async (before?: string) => {
    const answer = await past.ofChannel('Harbour', before);
    const [first, last] = [answer.messages.at(0)?.position, answer.messages.at(-1)?.position];
    return { count: answer.messages.length, first, last, before: answer.before };
  };
  return { ask, read };
}

describe('the past', () => {
  it('is told from its end, page by page, without a gap and without a double', async () => {
    const { ask } = setup(1, 250);
    expect(await ask()).toEqual({ count: 100, first: 'g.151', last: 'g.250', before: 'g.151' });
    expect(await ask('g.151')).toEqual({ count: 100, first: 'g.51', last: 'g.150', before: 'g.51' });
    expect(await ask('g.51')).toEqual({ count: 50, first: 'g.1', last: 'g.50', before: null });
  });

  it('that is short is told at once', async () => {
    expect(await setup(1, 100).ask()).toMatchObject({ count: 100, before: null });
    expect(await setup(1, 0).ask()).toMatchObject({ count: 0, before: null });
    expect(await setup(1, 101).ask()).toMatchObject({ count: 100, before: 'g.2' });
  });

  it('ends where the log was cut', async () => {
    const { ask } = setup(120, 250);
    expect(await ask('g.151')).toEqual({ count: 31, first: 'g.120', last: 'g.150', before: null });
    expect(await ask('g.60')).toEqual({ count: 0, first: undefined, last: undefined, before: null });
  });

  it('is looked for further back where a page has nothing to show', async () => {
    const nothing = Array.from({ length: 150 }, (_, i) => i + 51);
    expect(await setup(1, 300, nothing).ask('g.201')).toEqual({ count: 50, first: 'g.1', last: 'g.50', before: null });
  });
});
