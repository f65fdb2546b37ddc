import { describe, expect, it } from '@jest/globals';
import { Conversation } from './conversation.ts';

const NEWS = { isNews: true, isWaited: false };
const PAST = { isNews: false, isWaited: false };

/** Anna's view of one conversation. */
function setup() {
  const conversation = new Conversation('Anna');
  const take = (n: number, from: string, arrival = NEWS, key = `key ${n}`): void => {
    const message = { id: `id ${n}`, from, channel: null, position: `g.${n}`, at: 1_000 + n, data: null };
    conversation.accept(message, from, { kind: 'text', text: `text ${n}`, key }, arrival);
  };
  const texts = (): string[] => conversation.messages.map(({ text }) => text);
  return { conversation, take, texts };
}

describe('a conversation', () => {
  it('shows what the history and the connection both bring once, and counts the arrivals', () => {
    const { conversation, take } = setup();
    take(1, 'Bob', PAST);
    take(1, 'Bob', NEWS);
    take(1, 'Bob', PAST);
    expect(conversation.messages).toMatchObject([{ id: 'id 1', arrivals: 1, state: 'sent' }]);
    take(1, 'Bob', NEWS);
    expect(conversation.messages).toMatchObject([{ arrivals: 2 }]);
  });

  it('is in the order of its log, whatever comes first', () => {
    const { take, texts } = setup();
    for (const n of [3, 10, 1, 2]) take(n, n % 2 ? 'Bob' : 'Anna');
    expect(texts()).toEqual(['text 1', 'text 2', 'text 3', 'text 10']);
  });

  it("keeps one's own word at the end until the log has a place for it", () => {
    const { conversation, take, texts } = setup();
    conversation.write('mine', 'hello', 5_000);
    take(1, 'Bob');
    take(3, 'Bob');
    expect(texts()).toEqual(['text 1', 'text 3', 'hello']);
    conversation.accepted('mine', { id: 'id 2', position: 'g.2', at: 1_002, state: 'offline' });
    expect(texts()).toEqual(['text 1', 'hello', 'text 3']);
    expect(conversation.messages[1]).toMatchObject({ id: 'id 2', at: 1_002, state: 'offline' });
  });

  it("shows one's own word once, whether the answer or the message is here first", () => {
    const { conversation, take } = setup();
    conversation.write('key 1', 'text 1', 5_000);
    take(1, 'Anna');
    conversation.accepted('key 1', { id: 'id 1', position: 'g.1', at: 1_001, state: 'sent' });
    expect(conversation.messages).toMatchObject([{ id: 'id 1', arrivals: 1, state: 'sent' }]);
  });

  it("does not mistake another one's key for one's own", () => {
    const { conversation, take, texts } = setup();
    conversation.write('key 1', 'hello', 5_000);
    take(1, 'Mallory');
    expect(texts()).toEqual(['text 1', 'hello']);
  });

  it('says of a word that could not be sent, and takes that back when it was sent after all', () => {
    const { conversation, take } = setup();
    conversation.write('key 1', 'text 1', 5_000);
    conversation.mark('key 1', 'failed');
    expect(conversation.messages).toMatchObject([{ state: 'failed' }]);
    take(1, 'Anna');
    conversation.mark('key 1', 'failed');
    expect(conversation.messages).toMatchObject([{ state: 'sent' }]);
  });

  it('is unsettled until every private word has arrived; nothing takes a delivery back', () => {
    const { conversation, take } = setup();
    take(1, 'Bob');
    expect(conversation.isUnsettled).toBe(false);
    take(2, 'Anna');
    expect(conversation.isUnsettled).toBe(true);
    expect(conversation.receipt({ messageId: 'id 2', state: 'delivered' })).toBe(true);
    expect(conversation.receipt({ messageId: 'id 2', state: 'offline' })).toBe(true);
    expect(conversation.isUnsettled).toBe(false);
    expect(conversation.receipt({ messageId: 'id 9', state: 'delivered' })).toBe(false);
  });

  it('marks what waited, also where the history was faster', () => {
    const { conversation, take } = setup();
    take(1, 'Bob', PAST);
    take(1, 'Bob', { isNews: true, isWaited: true });
    take(2, 'Bob', NEWS);
    expect(conversation.messages.map(({ isWaited }) => isWaited)).toEqual([true, false]);
  });

  it('counts what others wrote after a place, or since the page was opened', () => {
    const { conversation, take } = setup();
    take(1, 'Bob', PAST);
    take(2, 'Anna', PAST);
    expect(conversation.countAfter(null)).toBe(0);
    take(3, 'Bob', NEWS);
    take(4, 'Anna', NEWS);
    expect(conversation.countAfter(null)).toBe(1);
    expect(conversation.countAfter({ position: 'g.0', at: 0 })).toBe(2);
    expect(conversation.countAfter(conversation.lastPlace)).toBe(0);
  });

  it("marks one's own words read up to the last that the other one saw; nothing takes that back", () => {
    const { conversation, take } = setup();
    for (const [n, from] of [
      [1, 'Anna'],
      [2, 'Bob'],
      [3, 'Anna'],
      [4, 'Anna'],
    ] as const)
      take(n, from);
    conversation.read('id 3', false);
    const states = (): string[] => conversation.messages.map(({ state }) => state);
    expect(states()).toEqual(['read', 'sent', 'read', 'sent']);
    conversation.receipt({ messageId: 'id 3', state: 'delivered' });
    conversation.read('id 1', false);
    expect(states()).toEqual(['read', 'sent', 'read', 'sent']);
    expect(conversation.isUnsettled).toBe(true);
  });

  it('has a file as it has a text: once, in its place, unread until it was read', () => {
    const { conversation, take } = setup();
    take(1, 'Bob');
    const data = {
      kind: 'file',
      fileId: 'f',
      name: 'a.txt',
      size: 3,
      type: 'text/plain',
      key: 'k',
      to: 'Anna',
    } as const;
    const message = { id: 'id 2', from: 'Bob', channel: null, position: 'g.2', at: 1_002, data };
    for (const arrival of [PAST, NEWS, PAST]) conversation.accept(message, 'Bob', data, arrival);
    expect(conversation.messages).toMatchObject([{ file: null }, { text: 'a.txt', file: data, arrivals: 1 }]);
    expect(conversation.countAfter({ position: 'g.1', at: 1_001 })).toBe(1);
  });

  it('knows what is older than what was read when it is loaded later', () => {
    const { conversation, take } = setup();
    conversation.read('id 2', false);
    take(3, 'Anna', PAST);
    take(2, 'Anna', PAST);
    take(1, 'Anna', PAST);
    expect(conversation.messages.map(({ state }) => state)).toEqual(['read', 'read', 'sent']);
  });

  it('knows how far this person has read on whichever page', () => {
    const { conversation, take } = setup();
    for (const n of [1, 2, 3]) take(n, 'Bob', PAST);
    conversation.read('id 2', true);
    expect(conversation.countAfter(conversation.readByMe)).toBe(1);
    expect(conversation.lastOfOthers).toMatchObject({ id: 'id 3' });
  });
});
